import TerminalUI

/// All actions.
package enum ActionTable {
  /// In the order of importance for the footer, within groups in that of help.
  package static let all: [Action] =
    layerActions + foldingActions + ruleActions + stepActions + heatmapActions + comparingActions + judgingActions
    + explainingActions
    + fileActions
    + generalActions
    + movingActions
    + tutorActions

  /// The action of a key while a pane has the keyboard; actions of that pane come before those of all panes.
  package static func action(for key: Key, in pane: ExplorerState.Pane) -> Action? {
    let candidates = all.filter { $0.keys.contains(key) && $0.applies(in: pane) }
    return candidates.first { $0.panes != nil } ?? candidates.first
  }

  package static func action(_ id: String) -> Action? { all.first { $0.id == id } }

  /// What the footer shows, the most important first; help comes last and always has room.
  package static let footer = [
    "layers.rule", "layers.mark", "layers.range", "explain.class", "heatmap.probe", "layers.filter", "heatmap.layer",
    "rules.preset", "explain.target", "compare.pin", "compare.cycle", "heatmap.lock", "compare.targets", "rules.undo",
    "file.save",
    "heatmap.content",
    "move.zoom", "explain.attributor", "explain.model", "rules.edits", "general.palette", "general.quit",
  ]

  /// The hints of the footer for a state: what can be done now.
  package static func hints(for state: ExplorerState) -> [(action: Action, hint: KeyHints.Hint)] {
    let usable = footer.compactMap(action).filter { $0.applies(in: state.focus) && $0.objection(state) == nil }
    // Elsewhere than in comparisons the scale follows by itself, and nobody misses it.
    let isComparing = state.heatmap.rendered?.isComparison == true
    return usable.filter { isComparing || $0.id != "heatmap.lock" }.map { action in
      (action, KeyHints.Hint(action.hintKey, action.hint ?? ""))
    }
  }
}

/// The keys of the explorer, made from the same declarations as its help.
public enum Cheatsheet {
  /// As plain text for a manual page.
  public static var plainText: String {
    ActionGroup.allCases.map { group in
      let actions = ActionTable.all.filter { $0.group == group }
      return group.rawValue + "\n"
        + actions.map { "  " + $0.keyText.fitted(to: 24) + $0.title + place(of: $0) }.joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }

  private static func place(of action: Action) -> String {
    guard let panes = action.panes else { return "" }
    return " (" + panes.sorted { $0.rawValue < $1.rawValue }.map(\.title).joined(separator: ", ").lowercased() + ")"
  }
}

extension ExplorerState.Pane {
  package var title: String {
    switch self {
    case .layers: "Layers"
    case .ledger: "Ledger"
    case .heatmap: "Heatmap"
    case .classes: "Classes"
    }
  }
}
