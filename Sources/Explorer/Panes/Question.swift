import TerminalUI

/// A question with a few answers, each with its key; Esc is always "no".
package struct Question: ModalPane {
  package struct Answer: Sendable {
    package var key: Key
    package var text: String
    package var run: @Sendable (inout ExplorerState) -> [ExplorerCommand]
  }

  package let title: String
  package let message: String
  package let answers: [Answer]
  private let no: String

  package init(title: String, message: String, answers: [Answer], no: String = "back") {
    self.title = title
    self.message = message
    self.answers = answers
    self.no = no
  }

  package var hints: [KeyHints.Hint] {
    answers.map { KeyHints.Hint($0.key.displayText, $0.text) } + [.init("Esc", no)]
  }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    guard case .key(let key) = input else { return .stay }
    if key == .escape { return .close }
    guard let answer = answers.first(where: { $0.key == key }) else { return .stay([.beep]) }
    return .close(answer.run(&state))
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    dialog.draw(into: &buffer, in: screen)
  }

  private var dialog: Dialog {
    Dialog(
      title: StyledText(title), message: Paragraph(message), hints: KeyHints(hints, theme: .explorer), theme: .explorer)
  }
  package func frame(_ state: ExplorerState) -> Rect? { dialog.place(in: state.screen) }

  // MARK: - Questions

  /// Before leaving with edits that are in no file.
  static func quit(_ state: ExplorerState) -> Question {
    Question(
      title: "Unsaved edits",
      message: "\(state.compositeLabel) has edits that are in no file. Save them before leaving?",
      answers: [
        Answer(key: .character("s"), text: "save…") { state in
          state.popup = PathPrompt(.saveComposite, state, quitsAfterwards: true)
          return []
        },
        Answer(key: .character("d"), text: "discard them and quit") { _ in [.keepUnsaved(nil), .quit] },
      ])
  }

  /// Before another model replaces edits that are in no file.
  static func discard(opening entry: ModelEntry, _ state: ExplorerState) -> Question {
    Question(
      title: "Unsaved edits",
      message: "\(state.compositeLabel) has edits that are in no file; opening \(entry.name) discards them.",
      answers: [
        Answer(key: .character("s"), text: "save first…") { state in
          state.popup = PathPrompt(.saveComposite, state)
          return []
        },
        Answer(key: .character("d"), text: "discard and open") { state in state.open(entry) },
      ])
  }

  /// Before an existing file is replaced.
  static func overwrite(_ request: SaveRequest) -> Question {
    Question(
      title: "Replace the file?",
      message: "\(request.path) exists already. It would be replaced by the \(request.content.noun).",
      answers: [
        Answer(key: .character("r"), text: "replace") { _ in
          var allowed = request
          allowed.overwrites = true
          return [.save(allowed)]
        },
        Answer(key: .character("n"), text: "other name…") { state in
          let purpose: PathPrompt.Purpose =
            switch request.content {
            case .composite: .saveComposite
            case .heatmap: .saveHeatmap
            case .ledger: .saveLedger
            case .curves: .saveCurves
            case .screen: .saveScreen
            }
          state.popup = PathPrompt(purpose, state, quitsAfterwards: request.quitsAfterwards)
          return []
        },
      ])
  }
}
