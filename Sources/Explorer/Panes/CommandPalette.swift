import TerminalUI

/// Every action with its key, searchable; what cannot be done now says why.
package struct CommandPalette: ModalPane {
  private var search: SearchableList
  private let actions: [Action]

  package init(_ state: ExplorerState) {
    actions = ActionTable.all.filter { $0.id != "general.palette" && $0.group != .moving }
    search = SearchableList(actions.map { $0.title + " " + $0.group.rawValue + " " + $0.id })
  }

  package var hints: [KeyHints.Hint] { [.init("↵", "do it"), .init("↑↓", "choose"), .init("Esc", "back")] }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    let place = PickerWindow.listPlace(
      count: actions.count, width: 74, in: Rect(width: state.width, height: state.height))
    switch input {
    case .key(.escape): return .close
    case .key(.enter): return choose(&state)
    case .mouse(let event) where event.kind == .press(.left):
      switch search.click(line: event.y - place.y, visible: place.height) {
      case true?: return choose(&state)
      case false?: return .stay
      case nil: return .close
      }
    default:
      _ = search.handle(input, visible: place.height)
      return .stay
    }
  }

  private func choose(_ state: inout ExplorerState) -> ModalResult {
    guard let index = search.selected else { return .stay([.beep]) }
    let action = actions[index]
    // An action of a pane is done there.
    if let panes = action.panes, !panes.contains(state.focus), let pane = panes.min(by: { $0.rawValue < $1.rawValue }) {
      state.focus(pane)
    }
    return .close(state.perform(action))
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    PickerWindow(
      title: "Commands", placeholder: "type to search", list: search,
      columns: [.init(), .init(width: .fixed(8), alignment: .trailing)], hints: hints,
      empty: "No command is called that.",
      width: 74
    ) { index in
      let action = actions[index]
      let key = StyledText(action.keys.first?.displayText ?? "", theme.accent)
      guard let reason = action.objection(state) else { return Table.Row([StyledText(action.title), key]) }
      return Table.Row([StyledText("\(action.title) – \(reason)", theme.dimmed), key])
    }.draw(into: &buffer, in: screen, count: actions.count)
  }
}
