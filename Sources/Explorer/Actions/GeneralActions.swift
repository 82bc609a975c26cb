import TerminalUI

extension ActionTable {
  static let generalActions: [Action] = [
    Action("general.palette", keys: [.character(":")], "List all commands", hint: "commands", group: .general) {
      state, _ in
      state.popup = CommandPalette(state)
      return []
    },
    Action("general.help", keys: [.character("?"), .function(1)], "Show help", hint: "help", group: .general) {
      state, _ in
      state.popup = HelpScreen()
      return []
    },
    Action("general.quit", keys: [.character("q"), .control("c")], "Quit", hint: "quit", group: .general) { state, _ in
      state.quit()
    },
    Action(
      "general.back", keys: [.escape], "Cancel: the attribution, range, filter, then marks",
      group: .general
    ) { state, _ in
      state.goBack()
    },
    Action("general.messages", keys: [.character("!")], "Show the latest messages", group: .general) { state, _ in
      state.popup = MessageScreen()
      return []
    },
    Action("general.suspend", keys: [.control("z")], "Suspend to the shell", group: .general) { _, _ in [.suspend] },
    Action("general.redraw", keys: [.control("l")], "Draw the screen anew", group: .general) { _, _ in [.redraw] },
  ]

  static let movingActions: [Action] = [
    Action(
      "move.list",
      keys: [
        .up, .down, .character("k"), .character("j"), .pageUp, .pageDown, .home, .end, .character("g"), .character("G"),
      ], keyLabel: "↑↓ jk PgUp/Dn gG",
      "Move in the list", group: .moving, panes: [.layers, .ledger, .classes]
    ) { state, key in
      state.moveInList(key)
      return []
    },
    Action("move.next", keys: [.tab], "Next pane", group: .moving) { state, _ in
      state.moveFocus(by: 1)
      return []
    },
    Action("move.previous", keys: [.backTab], "Previous pane", group: .moving) { state, _ in
      state.moveFocus(by: -1)
      return []
    },
    Action(
      "move.pane", keys: [.character("1"), .character("2"), .character("3"), .character("4")],
      "Layers, ledger, heatmap, classes", group: .moving
    ) { state, key in
      if case .character(let digit) = key, let number = digit.wholeNumberValue,
        let pane = ExplorerState.Pane(rawValue: number)
      {
        state.focus(pane)
      }
      return []
    },
    Action("move.zoom", keys: [.character("z")], "Heatmap to the whole screen and back", hint: "zoom", group: .moving) {
      state, _ in
      state.zoomed = state.zoomed == nil ? .heatmap : nil
      if state.zoomed != nil { state.focus = .heatmap }
      return []
    },
    Action("move.zoomPane", keys: [.character("Z")], "This pane to the whole screen and back", group: .moving) {
      state, _ in
      state.zoomed = state.zoomed == nil ? state.focus : nil
      return []
    },
  ]
}
