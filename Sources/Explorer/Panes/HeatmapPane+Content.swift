import Heatmaps

extension HeatmapPane {
  /// What is shown, at its own resolution: for a file.
  ///
  /// A locked scale is taken as it is. Otherwise the colours end at the same percentile as on the screen, but of the maps
  /// at their own resolution, so that the file does not depend on the size of the terminal.
  func content(_ state: ExplorerState) -> HeatmapContent? {
    guard let rendered, !rendered.panels.isEmpty, let colorMap = colorMap ?? Self.standardColorMap else { return nil }
    let isAlone = rendered.panels.count == 1
    let panels = rendered.panels.map { panel in
      HeatmapContent.Panel(title: isAlone ? "" : panel.title, label: Self.label(of: panel, state) ?? "", map: panel.map)
    }
    let locked = lockedScale.map { HeatmapScale(norm: $0.norm, lower: $0.lower, upper: $0.upper) }
    let place = state.model?.row(node)?.name ?? "input"
    var title = "\(Self.quantity(state).lowercased()) at \(place)" + (state.targetLabel.map { ", \($0)" } ?? "")
    if isAlone, !rendered.panels[0].title.isEmpty {
      title += ", " + [rendered.panels[0].title, panels[0].label].filter { !$0.isEmpty }.joined(separator: ": ")
    }
    return HeatmapContent(
      panels: panels, scale: locked ?? HeatmapScale(of: rendered.compared, norm: norm, percentile: percentile),
      ownScales: rendered.ownScales && !isAlone, colorMap: colorMap, level: level,
      picture: node == 0 && content == .overlay ? state.model?.opened.sample.picture : nil, title: title)
  }

  /// What A, B, 1 or 2 stands for.
  static func label(of panel: RenderedHeatmap.Panel, _ state: ExplorerState) -> String? {
    switch panel.title {
    case "A": state.heatmap.pinned?.label
    case "B": state.explanationLabel
    case "1": state.contrast?.pair?.firstClass.map { state.label(ofClass: $0) }
    case "2": state.contrast.map { state.label(ofClass: $0.target) }
    default: nil
    }
  }
}
