import TerminalUI

extension ActionTable {
  static let foldingActions: [Action] = [
    Action(
      "layers.fold", keys: [.character("f")], "Fold the block of this layer into one row, or open it", hint: "fold",
      group: .layers, panes: [.layers], needs: Requirement { $0.objectionToFolding }
    ) { state, _ in
      state.toggleFold()
      return []
    },
    Action(
      "layers.foldMore", keys: [.left], "Fold this block, then the one around it", group: .layers, panes: [.layers],
      needs: Requirement { $0.objectionToFoldingMore }
    ) { state, _ in
      state.fold()
      return []
    },
    Action(
      "layers.unfold", keys: [.right], "Open the folded block", group: .layers, panes: [.layers],
      needs: Requirement { $0.selectedBlock == nil ? "no folded block is selected" : nil }
    ) { state, _ in
      state.unfold()
      return []
    },
    Action(
      "layers.foldAll", keys: [.character("F")], "Fold all blocks, the largest blocks, none", group: .layers,
      needs: Requirement { $0.layers.folding?.paths.isEmpty == false ? nil : "there are no blocks" }
    ) { state, _ in
      state.foldAll()
      return []
    },
  ]
}
