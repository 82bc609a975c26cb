import LRP
import TerminalUI

/// The presets; the heatmap follows the selection, Esc restores what was before.
package struct PresetPicker: ModalPane {
  /// The presets that the open model can use, and last the plain gradient.
  private let items: [(name: String, summary: String, composite: EditedComposite)]
  private var list: ListState
  private var shown: Int?

  package init(_ state: ExplorerState) {
    var items = Preset.all.compactMap { preset -> (name: String, summary: String, composite: EditedComposite)? in
      guard let composite = try? state.composite(of: preset), let model = state.model else { return nil }
      let fits = model.paths.allSatisfy { path in
        composite.rules[path].map { model.objection(to: $0.rule, path: path) == nil } ?? true
      }
      return fits ? (preset.name, preset.summary, composite) : nil
    }
    items.append(
      (
        "gradient", "no rules: the plain gradient",
        EditedComposite(title: "gradient", canonizers: state.history.composite.canonizers)
      ))
    self.items = items
    list = ListState(selected: items.firstIndex { $0.name == state.history.composite.title } ?? 0)
  }

  package var hints: [KeyHints.Hint] { [.init("↵", "take"), .init("↑↓", "try"), .init("Esc", "restore")] }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    let place = Self.place(items.count, in: Rect(width: state.width, height: state.height), state)
    switch input {
    case .key(.escape): return cancel(&state)
    case .key(.enter): return take(&state)
    case .key(let key):
      guard list.handle(key, count: items.count, visible: items.count) else { return .stay }
    case .mouse(let event):
      switch event.kind {
      case .press(.left):
        guard place.contains(x: event.x, y: event.y) else { return cancel(&state) }
        let line = event.y - place.y - 1
        guard items.indices.contains(line) else { return .stay }
        if line == list.selected { return take(&state) }
        list.select(line, count: items.count, visible: items.count)
      case .wheelUp: list.move(by: -1, count: items.count, visible: items.count)
      case .wheelDown: list.move(by: 1, count: items.count, visible: items.count)
      default: return .stay
      }
    case .paste: return .stay
    }
    guard shown != list.selected else { return .stay }
    shown = list.selected
    state.preview = items[list.selected].composite
    return .stay(state.requestAttribution())
  }

  private func take(_ state: inout ExplorerState) -> ModalResult {
    let item = items[list.selected]
    let label = item.name == "gradient" ? "no rules: plain gradient" : "preset \(item.name)"
    return .close(
      state.commit(item.composite, label: label, isBase: true, isRunning: shown == list.selected))
  }

  private func cancel(_ state: inout ExplorerState) -> ModalResult {
    state.preview = nil
    return .close(shown == nil ? [] : state.requestAttribution())
  }

  private static func place(_ count: Int, in screen: Rect, _ state: ExplorerState) -> Rect {
    let left = state.layout.layers.isEmpty ? screen.inset(1) : state.layout.layers
    return Rect(x: left.x + 1, y: 2, width: min(left.width - 2, 76), height: min(screen.height - 4, count + 5))
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    let place = Self.place(items.count, in: screen, state)
    buffer.fill(place)
    let inside = Frame(title: "Preset for the whole network", isFocused: true, theme: theme).draw(
      into: &buffer, in: place
    )
    .inset(left: 1, right: 1)
    let items = items
    let selected = list.selected
    let body = inside.inset(bottom: 3)
    Table(
      columns: [.init(width: .fixed(26)), .init()], rowCount: items.count, state: list, showsHeader: false,
      showsMarks: false, theme: theme
    ) { index in
      Table.Row([
        StyledText(items[index].name), StyledText(items[index].summary, index == selected ? .plain : theme.dimmed),
      ])
    }.draw(into: &buffer, in: body)
    Paragraph(items[selected].summary, style: theme.dimmed).draw(
      into: &buffer, in: Rect(x: inside.x, y: body.maxY, width: inside.width, height: 2))
    KeyHints(hints, theme: theme).draw(into: &buffer, in: inside.row(inside.height - 1))
  }
}
