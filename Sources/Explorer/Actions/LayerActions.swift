import TerminalUI

extension ActionTable {
  private static let noModel: Action.Objection = { $0.model == nil ? "no model is open (m lists them)" : nil }
  private static let noMarks: Action.Objection = { $0.layers.marks.isEmpty ? "no layer is marked" : nil }
  private static let noLayer: Action.Objection = { state in
    state.selectedRow == nil ? "no layer is selected" : nil
  }

  static let layerActions: [Action] = [
    Action(
      "layers.rule", keys: [.enter], "Choose the rule of the marked layers, or of this one", hint: "rule",
      group: .rules,
      panes: [.layers, .ledger], objection: { $0.objectionToRulePicker }
    ) { state, _ in
      state.openRulePicker()
    },
    Action(
      "layers.mark", keys: [.character(" ")], "Mark or unmark the layer; end a range", hint: "mark", group: .layers,
      panes: [.layers], objection: { $0.objectionToMarking }
    ) { state, _ in
      state.toggleMark()
      return []
    },
    Action(
      "layers.range", keys: [.character("v")], "Mark a range: start here, move, end with v or space", hint: "range",
      group: .layers, panes: [.layers], objection: noLayer
    ) { state, _ in
      state.toggleRange()
      return []
    },
    Action(
      "layers.filter", keys: [.character("/")], "Filter layers by name, kind or rule", hint: "filter", group: .layers,
      objection: noModel
    ) { state, _ in
      state.focus(.layers)
      state.layers.isFiltering = true
      return []
    },
    Action(
      "layers.markKind", keys: [.character("K")], "Mark all layers of this kind", group: .layers, panes: [.layers],
      objection: { $0.objectionToMarking }
    ) { state, _ in
      state.markSelectedKind()
      return []
    },
    Action(
      "layers.markPattern", keys: [.character("*")], "Mark by name pattern or kind", group: .layers, objection: noModel
    ) {
      state, _ in
      state.popup = MarkPrompt()
      return []
    },
    Action(
      "layers.markVisible", keys: [.character("a")], "Mark all listed layers", group: .layers, panes: [.layers],
      objection: noModel
    ) { state, _ in
      state.markListed()
      return []
    },
    Action(
      "layers.unmark", keys: [.character("U")], "Unmark all layers", group: .layers, objection: noMarks
    ) { state, _ in
      state.layers.marks = []
      return []
    },
    Action(
      "layers.all", keys: [.character("A")], "List activations, batch norms and the like too, or hide them",
      group: .layers, objection: noModel
    ) { state, _ in
      state.layers.showsAll.toggle()
      return []
    },
  ]

  static let ruleActions: [Action] = [
    Action(
      "rules.preset", keys: [.character("p")], "Take a preset for the whole network", hint: "preset", group: .rules,
      objection: noModel
    ) {
      state, _ in
      state.openPresetPicker()
    },
    Action(
      "rules.remove", keys: [.delete, .character("d")], "Remove the rule: plain gradient", group: .rules,
      panes: [.layers], objection: { $0.objectionToRulePicker }
    ) { state, _ in
      state.removeRule()
    },
    Action(
      "rules.zeroBias", keys: [.character("b")], "Let no bias take relevance there (zero_params), or again",
      group: .rules, panes: [.layers, .ledger], objection: { $0.objectionToZeroBias }
    ) { state, _ in
      state.toggleZeroBias()
    },
    Action(
      "rules.undo", keys: [.character("u")], "Undo", hint: "undo", group: .rules,
      objection: { $0.history.past.isEmpty ? "nothing to undo" : nil }
    ) { state, _ in
      state.undo()
    },
    Action(
      "rules.redo", keys: [.control("r")], "Redo", group: .rules,
      objection: { $0.history.future.isEmpty ? "nothing to redo" : nil }
    ) { state, _ in
      state.redo()
    },
    Action(
      "rules.edits", keys: [.character("e")], "List the edits, go to any of them", hint: "edits", group: .rules,
      objection: noModel
    ) {
      state, _ in
      state.popup = EditList(state)
      return []
    },
  ]
}
