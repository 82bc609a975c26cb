import Heatmaps
import TerminalUI

extension ActionTable {

  static let heatmapActions: [Action] = [
    Action(
      "heatmap.layer", keys: [.character("h")], "Show relevance at this layer; again: at the input",
      hint: "show", group: .heatmap, panes: [.layers, .ledger], needs: .otherNodes
    ) { state, _ in
      state.showSelectedLayer()
      return []
    },
    Action(
      "heatmap.input", keys: [.character("i")], "Show relevance at the input", group: .heatmap, needs: .outcome
    ) {
      state, _ in
      state.heatmap.show(node: 0)
      return []
    },
    Action(
      "heatmap.walk", keys: [.character("<"), .character(">")], "Walk one listed layer back or forth and show it",
      group: .heatmap, needs: .otherNodes
    ) { state, key in
      state.walk(by: key == .character("<") ? -1 : 1)
      return []
    },
    Action(
      "heatmap.channel", keys: [.character("."), .character(",")],
      "The strongest channel, the next; back to the sum", group: .heatmap, needs: .outcome
    ) { state, key in
      state.heatmap.stepChannel(forward: key == .character("."))
      return []
    },
    Action(
      "heatmap.grid", keys: [.character("g")], "The strongest channels side by side, or their sum", group: .heatmap,
      panes: [.heatmap], needs: .outcome
    ) { state, _ in
      state.heatmap.channels = state.heatmap.channels == .grid ? .sum : .grid
      return []
    },
    Action(
      "heatmap.content", keys: [.character("o")], "Heatmap, laid over the picture, picture", hint: "overlay",
      group: .heatmap,
      needs: Requirement { $0.model?.opened.sample.picture == nil ? "the input is no picture" : nil }
    ) { state, _ in
      state.heatmap.content = state.heatmap.content.next
      return []
    },
    Action("heatmap.colors", keys: [.character("C")], "Choose the colour map, or write one in CMSL", group: .heatmap) {
      state, _ in
      state.popup = ColorMapPicker(state)
      return []
    },
    Action(
      "heatmap.level", keys: [.character("+"), .character("-")], "Steeper or flatter colours", group: .heatmap,
      panes: [.heatmap]
    ) { state, key in
      state.heatmap.changeLevel(up: key == .character("+"))
      return []
    },
    Action(
      "heatmap.norm", keys: [.character("n")], "Scale symmetric, absolute or unaligned", group: .heatmap,
      panes: [.heatmap]
    ) { state, _ in
      state.heatmap.nextNorm()
      return []
    },
    Action(
      "heatmap.percentile", keys: [.character("%")], "Percentile at which the scale is clipped", group: .heatmap,
      panes: [.heatmap]
    ) { state, _ in
      state.heatmap.nextPercentile()
      return []
    },
    Action(
      "heatmap.lock", keys: [.character("L")], "Lock the scale; of what is compared, own scales or one", hint: "scales",
      group: .heatmap,
      needs: .outcome
    ) { state, _ in
      state.heatmap.toggleLock()
      return []
    },
    Action(
      "heatmap.probe",
      keys: [.left, .down, .up, .right, .character("h"), .character("j"), .character("k"), .character("l")],
      keyLabel: "arrows hjkl",
      "Move the probe: value and position under it", hint: "probe", group: .heatmap, panes: [.heatmap],
      needs: .outcome
    ) { state, key in
      state.heatmap.moveProbe(key)
      return []
    },
  ]
}
