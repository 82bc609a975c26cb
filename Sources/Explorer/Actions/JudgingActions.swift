import TerminalUI

extension ActionTable {
  static let judgingActions: [Action] = [
    Action(
      "judge.flipping", keys: [.character("P")], "Pixel-flipping curves of A, B and a random order", group: .comparing,
      needs: Requirement { $0.objectionToFlipping }
    ) { state, _ in
      state.popup = FlippingPane()
      return state.requestFlipping()
    },
    Action(
      "judge.rectangle", keys: [.character("R")],
      "Draw a rectangle: its share of the relevance",
      hint: "rectangle", group: .comparing,
      needs: Requirement { state in
        Requirement.outcome.objection(state)
          ?? (state.heatmap.node == 0 ? nil : "the rectangle is of the input (i shows it)")
      }
    ) { state, _ in
      // Its corner is moved with the probe's keys.
      state.focus(.heatmap)
      state.heatmap.toggleRectangle()
      return []
    },
  ]
}
