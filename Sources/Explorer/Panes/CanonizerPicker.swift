import LRP
import NeuralNetwork
import TerminalUI

/// The canonizers of the network with what each changes, to be switched on and off; the heatmap follows, Esc restores.
package struct CanonizerPicker: ModalPane {
  /// Empty until the background has looked at the network.
  package private(set) var items: [CanonizerSurvey.Item] = []
  private var search = SearchableList([])
  /// The survey that is waited for.
  private(set) var request: Int
  package private(set) var isWaiting = true
  /// Why the canonizers that are on cannot be used together.
  package private(set) var problem: String?
  /// Canonizers that are listed in any case.
  private let known: [any Canonizer]
  private let before: EditedComposite
  /// Modules that took rules before.
  private let pathsBefore: Set<String>
  /// What the heatmap follows; `nil` if nothing was switched.
  private var shown: EditedComposite?
  /// Whether `↵` was pressed before the answer came.
  private var isTaken = false

  fileprivate init(_ state: ExplorerState, _ model: ModelState, request: Int) {
    self.request = request
    before = state.history.composite
    pathsBefore = Set(model.paths)
    var seen = Set<AnyHashable>()
    known = (model.opened.canonizers + before.canonizers).filter { seen.insert($0.identity).inserted }
  }

  fileprivate var surveyRequest: CanonizerSurveyRequest {
    CanonizerSurveyRequest(
      id: request, known: known, on: items.isEmpty ? before.canonizers : items.filter(\.isOn).map(\.canonizer))
  }

  package var hints: [KeyHints.Hint] {
    [.init("↵", "take"), .init("Space", "on/off"), .init("↑↓", "choose"), .init("Esc", "restore")]
  }

  /// Over the layers, so that the heatmap stays in sight.
  private func shape(_ state: ExplorerState) -> PickerShape {
    PickerShape(count: max(items.count, 5), width: 76, over: state.layout.layers, footRows: 4)
  }
  package func frame(_ state: ExplorerState) -> Rect? { shape(state).frame(in: state.screen) }

  // MARK: - Input

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    if input == .key(.character(" ")) { return .stay(toggle(&state)) }
    switch search.answer(input, shape(state), in: state.screen) {
    case .cancelled: return .close(restore(&state))
    case .chosen:
      if case .mouse = input { return .stay(toggle(&state)) }
      guard problem == nil else { return .stay([.beep]) }
      isTaken = true
      return isWaiting && !items.isEmpty ? .stay : .close(take(&state))
    case .stays: return .stay
    }
  }

  private mutating func toggle(_ state: inout ExplorerState) -> [ExplorerCommand] {
    guard let selected = search.selected, !isTaken else { return [.beep] }
    items[selected].isOn.toggle()
    request = state.nextRequest()
    isWaiting = true
    return [.surveyCanonizers(surveyRequest)]
  }

  private func restore(_ state: inout ExplorerState) -> [ExplorerCommand] {
    state.preview = nil
    return shown == nil ? [] : state.requestAttribution()
  }

  private func take(_ state: inout ExplorerState) -> [ExplorerCommand] {
    let was = Set(before.canonizers.map(\.identity))
    let switched = items.filter { $0.isOn != was.contains($0.canonizer.identity) }
    guard let shown, !switched.isEmpty else { return restore(&state) }
    let words = switched.map { "\($0.canonizer.name) \($0.isOn ? "on" : "off")" }
    return state.commit(shown, label: "canonizers: " + words.joined(separator: ", "), isRunning: true)
  }

  // MARK: - Answers

  /// - Returns: what follows, and whether the picker stays.
  fileprivate mutating func receive(_ survey: CanonizerSurvey, _ state: inout ExplorerState) -> ModalResult {
    let isFirst = items.isEmpty
    items = survey.items
    isWaiting = false
    problem = nil
    if isFirst {
      search = SearchableList(items.map { ([$0.canonizer.name] + $0.changes).joined(separator: " ") })
      return .stay
    }
    do {
      let composite = try state.composite(
        before, pathsBefore, with: items.filter(\.isOn).map(\.canonizer), making: survey.network)
      shown = composite
      state.preview = composite
    } catch {
      return fail("\(error)")
    }
    let commands = state.requestAttribution()
    return isTaken ? .close(commands + take(&state)) : .stay(commands)
  }

  fileprivate mutating func fail(_ text: String) -> ModalResult {
    isWaiting = false
    isTaken = false
    problem = text
    return .stay
  }

  // MARK: - Drawing

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    let shape = shape(state)
    let empty =
      items.isEmpty
      ? isWaiting ? "Looking for what can be rewritten…" : "There is nothing to rewrite in this network."
      : "No canonizer is called that."
    PickerWindow(
      title: "Canonizers rewrite the network first", placeholder: "type to search", list: search,
      columns: [.init(width: .fixed(3)), .init(width: .fixed(24)), .init()], hints: hints, empty: empty, shape: shape
    ) { index in
      let item = items[index]
      let style = item.isOn ? theme.text : theme.dimmed
      return Table.Row([
        StyledText(item.isOn ? "[x]" : "[ ]", item.isOn ? theme.accent : theme.dimmed),
        StyledText(item.canonizer.name, style), StyledText(Self.summary(item), style),
      ])
    }.draw(into: &buffer, in: screen)
    guard let selected = search.selected else { return }
    let foot = shape.foot(in: screen)
    if let problem {
      Paragraph(problem, style: theme.error).draw(into: &buffer, in: foot)
    } else if isWaiting {
      Paragraph("rewriting the network…", style: theme.dimmed).draw(into: &buffer, in: foot)
    } else {
      let item = items[selected]
      let lines = item.changes.isEmpty ? [Self.summary(item)] : item.changes
      let text = (item.isOn || item.changes.isEmpty ? "" : "would change: ") + lines.joined(separator: "; ")
      Paragraph(text, style: theme.dimmed).draw(into: &buffer, in: foot)
    }
  }

  private static func summary(_ item: CanonizerSurvey.Item) -> String {
    let lines = item.changes.map { line in
      // The layers' names stand below.
      line.lastIndex(of: "(").map { String(line[..<$0]).trimmingSpaces } ?? line
    }
    return lines.isEmpty ? (item.isOn ? "changes nothing" : "nothing left to change") : lines.joined(separator: ", ")
  }
}

extension String {
  fileprivate var trimmingSpaces: String { hasSuffix(" ") ? String(dropLast()) : self }
}

extension ExplorerState {
  mutating func openCanonizerPicker() -> [ExplorerCommand] {
    guard let model else { return [] }
    let picker = CanonizerPicker(self, model, request: nextRequest())
    popup = picker
    return [.surveyCanonizers(picker.surveyRequest)]
  }

  mutating func receiveCanonizers(_ request: Int, _ found: CanonizerSurvey?, problem: String = "") -> [ExplorerCommand]
  {
    guard var picker = popup as? CanonizerPicker, picker.request == request else { return [] }
    let result = found.map { picker.receive($0, &self) } ?? picker.fail(problem)
    popup = result.stays ? picker : nil
    return result.commands
  }

  /// Whether an open picker waits for what canonizers make of the network.
  package var isWaitingForCanonizers: Bool { (popup as? CanonizerPicker)?.isWaiting == true }

  /// A composite with other canonizers. Layers keep their rules; those that take rules only now get the preset's, or what
  /// all presets give them if it is no preset that is edited.
  /// - Parameters:
  ///   - paths: modules that took rules with the composite's own canonizers.
  ///   - network: what the canonizers make of the model's.
  /// - Throws: if the canonizers do not fit the network.
  fileprivate mutating func composite(
    _ composite: EditedComposite, _ paths: Set<String>, with canonizers: [any Canonizer], making network: Network
  ) throws -> EditedComposite {
    guard var changed = model else { return composite }
    try changed.canonize(with: canonizers, making: network)
    model?.prepare(network, for: canonizers)
    var result = composite
    result.canonizers = canonizers
    var usual: [String: RuleMatch] = [:]
    if let preset = Preset.all.first(where: { $0.name == composite.title }) {
      usual = try changed.rules(of: preset.composite(presetOptions(canonizers)))
    } else if !composite.rules.isEmpty {
      usual = try changed.rules(of: LayerMapComposite(layerMap: .base(), canonizers: canonizers))
    }
    for path in changed.paths where result.rules[path] == nil && !paths.contains(path) {
      result.rules[path] = usual[path]
    }
    return result
  }
}
