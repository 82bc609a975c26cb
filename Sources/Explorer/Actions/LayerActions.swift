import TerminalUI

extension ActionTable {

  static let layerActions: [Action] = [
    Action(
      "layers.rule", keys: [.enter], "Choose the rule of the marked layers, or of this one", hint: "rule",
      group: .rules,
      panes: [.layers, .ledger], needs: Requirement { $0.objectionToRulePicker }
    ) { state, _ in
      state.openRulePicker()
    },
    Action(
      "layers.mark", keys: [.character(" ")], "Mark or unmark the layer; end a range", hint: "mark", group: .layers,
      panes: [.layers], needs: Requirement { $0.objectionToMarking }
    ) { state, _ in
      state.toggleMark()
      return []
    },
    Action(
      "layers.range", keys: [.character("v")], "Mark a range: start here, move, end with v or space", hint: "range",
      group: .layers, panes: [.layers], needs: .selection
    ) { state, _ in
      state.toggleRange()
      return []
    },
    Action(
      "layers.filter", keys: [.character("/")], "Filter layers by name, kind or rule", hint: "filter", group: .layers,
      needs: .model
    ) { state, _ in
      state.focus(.layers)
      state.layers.isFiltering = true
      return []
    },
    Action(
      "layers.markKind", keys: [.character("K")], "Mark all layers of this kind", group: .layers, panes: [.layers],
      needs: Requirement { $0.objectionToMarking }
    ) { state, _ in
      state.markSelectedKind()
      return []
    },
    Action(
      "layers.markPattern", keys: [.character("*")], "Mark by name pattern or kind", group: .layers, needs: .model
    ) {
      state, _ in
      state.popup = MarkPrompt()
      return []
    },
    Action(
      "layers.markVisible", keys: [.character("a")], "Mark all listed layers", group: .layers, panes: [.layers],
      needs: .model
    ) { state, _ in
      state.markListed()
      return []
    },
    Action(
      "layers.unmark", keys: [.character("U")], "Unmark all layers", group: .layers, needs: .marks
    ) { state, _ in
      state.layers.marks = []
      return []
    },
    Action(
      "layers.all", keys: [.character("A")], "List activations, batch norms and the like, or not",
      group: .layers, needs: .model
    ) { state, _ in
      state.layers.showsAll.toggle()
      return []
    },
  ]

  static let stepActions: [Action] = [
    Action(
      "steps.open", keys: [.character("N")], "The numbers: four steps at one unit of this layer", hint: "numbers",
      group: .rules, panes: [.layers, .ledger],
      needs: Requirement { $0.objectionToSteps ?? Requirement.outcome.objection($0) }
    ) { state, _ in
      state.openSteps()
    }
  ]

  static let ruleActions: [Action] = [
    Action(
      "rules.preset", keys: [.character("p")], "Take a preset for the whole network", hint: "preset", group: .rules,
      needs: .model
    ) {
      state, _ in
      state.openPresetPicker()
    },
    Action(
      "rules.canonizers", keys: [.character("B")], "Switch canonizers, which rewrite the network first",
      group: .rules, needs: .model
    ) { state, _ in
      state.openCanonizerPicker()
    },
    Action(
      "rules.remove", keys: [.delete, .character("d")], "Remove the rule: plain gradient", group: .rules,
      panes: [.layers], needs: Requirement { $0.objectionToRulePicker }
    ) { state, _ in
      state.removeRule()
    },
    Action(
      "rules.zeroBias", keys: [.character("b")], "Keep biases from taking relevance (zero_params), or not",
      group: .rules, panes: [.layers, .ledger], needs: Requirement { $0.objectionToZeroBias }
    ) { state, _ in
      state.toggleZeroBias()
    },
    Action(
      "rules.sweep", keys: [.character("S")], "Sweep a parameter (γ, ε): heatmaps side by side",
      group: .rules,
      panes: [.layers, .ledger], needs: Requirement { $0.objectionToSweep }
    ) { state, _ in
      state.startSweep()
    },
    Action(
      "rules.undo", keys: [.character("u")], "Undo", hint: "undo", group: .rules,
      needs: Requirement { $0.history.past.isEmpty ? "nothing to undo" : nil }
    ) { state, _ in
      state.undo()
    },
    Action(
      "rules.redo", keys: [.control("r")], "Redo", group: .rules,
      needs: Requirement { $0.history.future.isEmpty ? "nothing to redo" : nil }
    ) { state, _ in
      state.redo()
    },
    Action(
      "rules.edits", keys: [.character("e")], "List the edits, go to any of them", hint: "edits", group: .rules,
      needs: .model
    ) {
      state, _ in
      state.popup = EditList(state)
      return []
    },
  ]
}
