import LRP
import TerminalUI

/// The presets; the heatmap follows the selection, Esc restores what was before.
package struct PresetPicker: ModalPane {
  /// The presets that the open model can use, and last the plain gradient.
  private let items: [(name: String, summary: String, composite: EditedComposite)]
  private var search: SearchableList
  /// The item that the heatmap follows.
  private var shown: Int?

  package init(_ state: ExplorerState) {
    var items = Preset.all.compactMap { preset -> (name: String, summary: String, composite: EditedComposite)? in
      guard let composite = try? state.composite(of: preset), let model = state.model else { return nil }
      let fits = model.paths.allSatisfy { path in
        composite.rules[path].map { model.objection(to: $0.rule, path: path) == nil } ?? true
      }
      return fits ? (preset.name, preset.summary, composite) : nil
    }
    let gradient = state.model?.opened.plainGradient ?? EditedComposite(title: "gradient")
    items.append(("gradient", "no rules: the plain gradient", gradient))
    self.items = items
    let current = items.firstIndex { $0.name == state.history.composite.title }
    search = SearchableList(items.map { $0.name + " " + $0.summary }, selected: current ?? 0)
  }

  package var hints: [KeyHints.Hint] { [.init("↵", "take"), .init("↑↓", "try"), .init("Esc", "restore")] }

  /// Over the layers, so that the heatmap stays in sight.
  private func shape(_ state: ExplorerState) -> PickerShape {
    PickerShape(count: items.count, width: 76, over: state.layout.layers, footRows: 2)
  }
  package func frame(_ state: ExplorerState) -> Rect? { shape(state).frame(in: state.screen) }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    let before = search.selected
    switch search.answer(input, shape(state), in: state.screen) {
    case .cancelled: return cancel(&state)
    case .chosen: return take(&state)
    case .stays: break
    }
    guard let selected = search.selected, selected != before, selected != shown else { return .stay }
    shown = selected
    state.preview = items[selected].composite
    return .stay(state.requestAttribution())
  }

  private func take(_ state: inout ExplorerState) -> ModalResult {
    guard let selected = search.selected else { return .stay([.beep]) }
    let item = items[selected]
    let label = item.name == "gradient" ? "no rules: plain gradient" : "preset \(item.name)"
    return .close(state.commit(item.composite, label: label, isBase: true, isRunning: shown == selected))
  }

  private func cancel(_ state: inout ExplorerState) -> ModalResult {
    state.preview = nil
    return .close(shown == nil ? [] : state.requestAttribution())
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    let shape = shape(state)
    let nameWidth = (items.map(\.name.displayWidth).max() ?? 0) + 2
    PickerWindow(
      title: "Preset for the whole network", placeholder: "type to search", list: search,
      columns: [.init(width: .fixed(nameWidth)), .init()], hints: hints, empty: "No preset is called that.",
      shape: shape
    ) { index in
      Table.Row([
        StyledText(items[index].name),
        StyledText(items[index].summary, theme.dimmed),
      ])
    }.draw(into: &buffer, in: screen)
    guard let selected = search.selected else { return }
    Paragraph(items[selected].summary, style: theme.dimmed).draw(into: &buffer, in: shape.foot(in: screen))
  }
}
