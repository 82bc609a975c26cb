import TerminalUI

/// Every action with its key, searchable; what cannot be done now says why.
package struct CommandPalette: ModalPane {
  private var search: SearchableList
  private let actions: [Action]

  package init(_ state: ExplorerState) {
    actions = ActionTable.all.filter {
      $0.id != "general.palette" && $0.group != .moving && ($0.group != .tutor || state.tutor != nil)
    }
    search = SearchableList(actions.map { $0.title + " " + $0.group.rawValue + " " + $0.id })
  }

  package var hints: [KeyHints.Hint] { [.init("↵", "do it"), .init("↑↓", "choose"), .init("Esc", "back")] }

  private var shape: PickerShape { PickerShape(count: actions.count, width: 110) }
  package func frame(_ state: ExplorerState) -> Rect? { shape.frame(in: state.screen) }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch search.answer(input, shape, in: state.screen) {
    case .cancelled: return .close
    case .chosen: return choose(&state)
    case .stays: return .stay
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
      empty: "No command is called that.", shape: shape
    ) { index in
      let action = actions[index]
      let key = StyledText(action.keys.first?.displayText ?? "", theme.accent)
      guard let reason = action.objection(state) else { return Table.Row([StyledText(action.title), key]) }
      return Table.Row([StyledText("\(action.title) – \(reason)", theme.dimmed), key])
    }.draw(into: &buffer, in: screen)
  }
}
