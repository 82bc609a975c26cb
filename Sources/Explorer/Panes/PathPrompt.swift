import LRP
import TerminalUI

/// Asks for the path of a file to write or to read.
package struct PathPrompt: ModalPane {
  package enum Purpose: Hashable, Sendable {
    case saveComposite, openComposite, saveHeatmap, saveLedger, saveCurves, saveScreen

    /// Those that write, each with extensions of its own.
    static let saving: [Purpose] = [.saveHeatmap, .saveLedger, .saveComposite]

    var title: String {
      switch self {
      case .saveComposite: "Save the composite (YAML), or a Python script that builds it (py)"
      case .openComposite: "Open a composite (YAML)"
      case .saveHeatmap: "Save the heatmap"
      case .saveLedger: "Save the ledger"
      case .saveCurves: "Save the pixel-flipping curves"
      case .saveScreen: "Save a picture of the screen"
      }
    }

    /// Extensions that are understood; the first is added where there is none.
    var extensions: [String] {
      switch self {
      case .openComposite: ["yaml", "yml"]
      case .saveComposite: ["yaml", "yml", "py"]
      case .saveHeatmap: ["png", "svg", "pdf", "npy", "safetensors"]
      case .saveLedger: ["csv", "json"]
      case .saveCurves: ["csv", "png", "svg", "pdf"]
      case .saveScreen: ExplorerState.screenExtensions
      }
    }
  }

  package let purpose: Purpose
  package private(set) var field: TextField
  private var problem: String?
  private let quitsAfterwards: Bool

  package init(_ purpose: Purpose, _ state: ExplorerState, quitsAfterwards: Bool = false) {
    self.purpose = purpose
    self.quitsAfterwards = quitsAfterwards
    field = TextField(Self.suggestion(purpose, state))
  }

  private static func suggestion(_ purpose: Purpose, _ state: ExplorerState) -> String {
    let composite = state.history.composite
    let model = state.model?.opened.entry.name ?? "model"
    let title = stem(of: composite.title)
    switch purpose {
    case .saveComposite: return composite.path ?? "\(model)-\(title).yaml"
    case .openComposite: return composite.path ?? ""
    case .saveHeatmap:
      let input = stem(of: state.model?.opened.sample.entry.name ?? "input")
      let kind = state.shownAttributor.kind
      let sweep = state.sweep.map { "-\($0.parameter)-sweep" } ?? ""
      return "\(input)-\(title)\(kind == .gradient ? "" : "-" + kind.rawValue)\(sweep).png"
    case .saveLedger: return "\(model)-\(title)-ledger.csv"
    case .saveCurves: return "\(model)-\(title)-flipping.csv"
    case .saveScreen: return "\(model)-\(title)-screen.png"
    }
  }

  /// The name without its extension, fit for a file's name.
  private static func stem(of name: String) -> String {
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return String((stem.isEmpty ? name : stem).map { $0 == "/" || $0 == " " ? "-" : $0 })
  }

  package static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  package var hints: [KeyHints.Hint] {
    [.init("↵", purpose == .openComposite ? "open" : "save"), .init("Ctrl-u", "clear"), .init("Esc", "back")]
  }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch input {
    case .key(.escape): return .close
    case .key(.enter): return confirm(&state)
    case .key(let key):
      if field.handle(key) { problem = nil }
    case .paste(let text): field.insert(text.trimmed)
    case .mouse: break
    }
    return .stay
  }

  private mutating func confirm(_ state: inout ExplorerState) -> ModalResult {
    var path = field.text.trimmed
    guard !path.isEmpty, !path.hasSuffix("/") else {
      problem = path.isEmpty ? "a path is needed" : "\(path) is a folder; a file's name is needed"
      return .stay([.beep])
    }
    if purpose == .openComposite { return .close([.openComposite(path: path)]) }
    let name = Self.fileName(path)
    let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
    if ending == nil || ending?.isEmpty == true {
      path += (ending == nil ? "." : "") + purpose.extensions[0]
    } else if let ending, !purpose.extensions.contains(ending) {
      problem = ".\(ending) found, " + purpose.extensions.map { "." + $0 }.joined(separator: ", ") + " expected"
      return .stay([.beep])
    }
    guard let content = Self.content(for: purpose, state) else {
      problem = "there is nothing to save yet"
      return .stay([.beep])
    }
    return .close([
      .save(
        SaveRequest(
          path: path, content: content, revision: state.history.revision, quitsAfterwards: quitsAfterwards))
    ])
  }

  /// What there is to save; `nil` if there is nothing yet.
  static func content(for purpose: Purpose, _ state: ExplorerState) -> SaveRequest.Content? {
    if purpose == .saveScreen { return .screen(state.screenContent()) }
    guard let model = state.model else { return nil }
    switch purpose {
    case .saveComposite:
      return .composite(state.history.composite.expanded(over: model.paths), model: model.opened.network.name)
    case .saveHeatmap: return state.heatmap.content(state).map { .heatmap($0) }
    case .saveLedger: return state.attribution.outcome.map { .ledger($0.ledger) }
    case .saveCurves: return state.flippingContent.map { .curves($0) }
    case .openComposite, .saveScreen: return nil
    }
  }

  private var popup: Popup { Popup(title: StyledText(purpose.title), width: 66, height: 4, theme: .explorer) }
  package func frame(_ state: ExplorerState) -> Rect? { popup.place(in: state.screen) }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    let inside = popup.draw(into: &buffer, in: screen)
    let endings = purpose.extensions.map { "." + $0 }.joined(separator: ", ")
    field.draw(into: &buffer, in: inside.row(0), placeholder: "path of the file (\(endings))", theme: theme)
    if let problem {
      buffer.draw(problem, in: inside.row(1), style: theme.error)
    } else {
      let text = purpose == .openComposite ? "" : "the extension says what is written: \(endings)"
      buffer.draw(text, in: inside.row(1), style: theme.dimmed)
    }
    KeyHints(hints, theme: theme).draw(into: &buffer, in: inside.row(3))
  }
}
