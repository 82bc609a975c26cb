import TerminalUI

/// Everything that was done to the composite, in order; going to a step undoes or redoes what lies between.
package struct EditList: ModalPane {
  private var list: ListState

  package init(_ state: ExplorerState) { list = ListState(selected: state.history.steps.present) }

  package var hints: [KeyHints.Hint] { [.init("↵", "go there"), .init("↑↓", "choose"), .init("Esc", "back")] }

  package func frame(_ state: ExplorerState) -> Rect? {
    let rows = Self.place(state.history.steps.all.count, in: state.screen)
    return Rect(x: rows.x - 2, y: rows.y - 1, width: rows.width + 4, height: rows.height + 4)
  }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    let steps = state.history.steps.all
    let place = Self.place(steps.count, in: Rect(width: state.width, height: state.height))
    switch input {
    case .key(.escape): return .close
    case .key(.enter): return .close(state.goToEdit(list.selected))
    case .key(let key): _ = list.handle(key, count: steps.count, visible: place.height)
    case .mouse(let event):
      if event.kind == .wheelUp { list.scroll(by: -3, count: steps.count, visible: place.height) }
      if event.kind == .wheelDown { list.scroll(by: 3, count: steps.count, visible: place.height) }
      guard event.kind == .press(.left) else { return .stay }
      let index = event.y - place.y + list.offset
      guard frame(state)?.contains(x: event.x, y: event.y) == true else { return .close }
      guard place.contains(x: event.x, y: event.y), index < steps.count else { return .stay }
      if index == list.selected { return .close(state.goToEdit(index)) }
      list.select(index, count: steps.count, visible: place.height)
    case .paste: break
    }
    return .stay
  }

  private static let width = 60
  /// The place of the rows.
  private static func place(_ count: Int, in screen: Rect) -> Rect {
    let rows = max(1, min(count, screen.height - 8))
    return Popup(title: "", width: width, height: rows + 2).place(in: screen).inset(
      left: 2, top: 1, right: 2, bottom: 3)
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    let (steps, present) = state.history.steps
    let rows = Self.place(steps.count, in: screen).height
    let inside = Popup(title: "Edits", width: Self.width, height: rows + 2, theme: theme).draw(
      into: &buffer, in: screen)
    var list = list
    list.reveal(count: steps.count, visible: rows)
    Table(
      columns: [.init(width: .fixed(3), alignment: .trailing), .init(width: .fixed(1)), .init()], rowCount: steps.count,
      state: list, showsHeader: false, showsMarks: false, theme: theme
    ) { index in
      let style = index > present ? theme.dimmed : theme.text
      return Table.Row([
        StyledText("\(index)", theme.dimmed), StyledText(index == present ? "▸" : "", theme.accent),
        StyledText(steps[index].label + (index > present ? "  (undone)" : ""), style),
      ])
    }.draw(into: &buffer, in: inside.inset(bottom: 2))
    KeyHints(hints, theme: theme).draw(into: &buffer, in: inside.row(inside.height - 1))
  }
}
