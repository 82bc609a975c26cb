import TerminalUI

extension ActionTable {
  static let comparingActions: [Action] = [
    Action(
      "compare.pin", keys: [.character("c")], "Pin this heatmap as A, compare with what follows",
      hint: "compare", group: .comparing,
      needs: Requirement { state in
        state.heatmap.pinned == nil && (state.attribution.outcome == nil || state.attribution.isStale)
          ? "there is no finished heatmap to pin" : nil
      }
    ) { state, _ in
      state.togglePin()
      return []
    },
    Action(
      "compare.cycle", keys: [.character("x")], "A | B | B−A (or 1 | 2 | 1−2) together, or one of them",
      hint: "one or all",
      group: .comparing,
      needs: Requirement {
        $0.heatmap.pinned == nil && $0.contrast == nil
          ? "nothing is compared (c pins this heatmap, T takes a second class)" : nil
      }
    ) { state, _ in
      state.heatmap.comparison = state.heatmap.comparison.next
      return []
    },
    Action(
      "compare.targets", keys: [.character("T")], "Two classes side by side: 1, 2 and 1−2",
      hint: "two targets", group: .comparing, needs: .output
    ) { state, _ in
      state.popup = TargetPicker(state, isSecond: true)
      return []
    },
  ]

  static let explainingActions: [Action] = [
    Action(
      "explain.target", keys: [.character("t")], "Choose the class that is explained", hint: "target",
      group: .explaining, needs: .output
    ) { state, _ in
      state.popup = TargetPicker(state)
      return []
    },
    Action(
      "explain.class", keys: [.enter], "Explain this class", hint: "explain", group: .explaining, panes: [.classes],
      needs: .output
    ) { state, _ in
      state.explainSelectedClass()
    },
    Action(
      "explain.attributor", keys: [.character("M")],
      "Choose the method: LRP, SmoothGrad, Occlusion, …", hint: "method",
      group: .explaining, needs: .model
    ) { state, _ in
      state.popup = AttributorPicker(state)
      return []
    },
    Action(
      "explain.again", keys: [.character("r")], "Run the attribution again", group: .explaining,
      needs: Requirement { $0.model == nil ? "no model is open" : $0.attribution.isRunning ? "it is running" : nil }
    ) { state, _ in
      state.requestAttribution()
    },
    Action(
      "explain.input", keys: [.character("["), .character("]")], "Previous or next input", group: .explaining,
      needs: Requirement { state in
        state.model == nil ? "no model is open" : state.inputs.count < 2 ? "there is no other input" : nil
      }
    ) { state, key in
      state.pageInput(by: key == .character("[") ? -1 : 1)
    },
    Action("explain.model", keys: [.character("m")], "Open a model", hint: "models", group: .explaining) { state, _ in
      state.popup = ModelsPane(state)
      return []
    },
  ]

  static let fileActions: [Action] = [
    Action(
      "file.save", keys: [.character("s")], "Save the composite (YAML), or as a Python script", hint: "save",
      group: .files,
      needs: .model
    ) { state, _ in
      state.popup = PathPrompt(.saveComposite, state)
      return []
    },
    Action(
      "file.open", keys: [.character("O"), .control("o")], "Open a composite (YAML)", group: .files,
      needs: .model
    ) { state, _ in
      state.popup = PathPrompt(.openComposite, state)
      return []
    },
    Action(
      "file.heatmap", keys: [.character("w")], "Save the heatmap (PNG, SVG, PDF, NPY, safetensors)", group: .files,
      needs: .outcome
    ) { state, _ in
      state.popup = PathPrompt(.saveHeatmap, state)
      return []
    },
    Action(
      "file.ledger", keys: [.character("W")], "Save the ledger (CSV, JSON)", group: .files,
      needs: .ledger
    ) {
      state, _ in
      state.popup = PathPrompt(.saveLedger, state)
      return []
    },
    Action(
      "file.screen", keys: [.control("p")], "Save a picture of the screen (PNG, SVG, PDF, text)", group: .files
    ) { state, _ in
      state.popup = PathPrompt(.saveScreen, state)
      return []
    },
  ]
}
