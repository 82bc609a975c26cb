import Heatmaps
import TerminalUI

extension HeatmapPane {
  static func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in place: Rect) {
    let theme = Theme.explorer
    let pane = state.heatmap
    let inside = Frame(
      title: StyledText(title(state, width: place.width - 4)), isFocused: state.focus == .heatmap, theme: theme
    ).draw(into: &buffer, in: place)
    let area = pictureArea(of: place)
    if let rendered = pane.rendered {
      // Of `gamma 0.25`, the number is what differs from panel to panel.
      let isShort = rendered.panels.contains { $0.title.displayWidth > $0.image.width }
      for (index, panel) in rendered.panels.enumerated() {
        panel.image.draw(
          into: &buffer,
          in: Rect(x: area.x + panel.x, y: area.y + panel.y, width: panel.image.width, height: panel.image.rows),
          capabilities: state.capabilities)
        if !panel.title.isEmpty, rendered.panels.count > 1 {
          let isChosen = state.sweep.map { $0.chosen == index } ?? true
          drawTitle(of: panel, state, isShort: isShort, isChosen: isChosen, into: &buffer, area: area)
        }
        drawRectangle(panel, state, into: &buffer, area: area)
        drawProbe(panel, state, into: &buffer, area: area)
      }
      drawScale(rendered, state, into: &buffer, in: inside.row(inside.height - 2).inset(left: 1, right: 1))
    } else {
      Paragraph(emptyText(state), style: theme.dimmed, alignment: .center).draw(
        into: &buffer, in: area.inset(left: 2, top: area.height / 3, right: 2))
    }
    drawStatus(state, into: &buffer, in: inside.row(inside.height - 1).inset(left: 1, right: 1))
  }

  private static func emptyText(_ state: ExplorerState) -> String {
    guard state.model != nil else { return "The heatmap appears here once a model is open." }
    switch state.attribution.status {
    case .failed: return "The attribution failed; ! shows why, r runs it again."
    case .cancelled: return "The attribution was cancelled; r runs it."
    default: break
    }
    if state.attribution.outcome == nil { return "Explaining…" }
    let name = state.model?.row(state.heatmap.node)?.name ?? ""
    if let problem = state.objectionToOtherNodes { return problem + "; i shows the input." }
    return "No relevance reaches \(name); i shows the input."
  }

  /// `Relevance at input · coldnhot · ±p99`; parts are left out from the end where there is no room.
  private static func title(_ state: ExplorerState, width: Int) -> String {
    let pane = state.heatmap
    let place = state.model?.row(pane.node)?.name ?? "input"
    let what: String
    switch pane.content {
    case .overlay where pane.node == 0: what = "Overlay"
    case .picture where pane.node == 0: what = "Picture"
    default: what = quantity(state)
    }
    var title = width > 40 ? "\(what) at \(place)" : pane.node == 0 ? "\(what) · \(place)" : "R · \(place)"
    switch pane.channels {
    case .one(let rank):
      title += " · " + (pane.rendered?.panels.first?.title ?? "channel")
      title += width > 40 ? " (no. \(rank + 1) by strength)" : ""
    case .grid: title += width > 40 ? " · strongest" : " · channels"
    case .sum: break
    }
    let ownScales = pane.rendered.map { $0.isComparison && $0.ownScales } == true
    let mode = pane.lockedScale != nil ? "locked" : ownScales ? "own scales " + scaleName(pane) : scaleName(pane)
    for part in [mode, pane.colorMapName + (pane.level == 1 ? "" : " ×\(NumberText.fixed(pane.level, decimals: 2))")]
    where title.displayWidth + 3 + part.displayWidth <= width {
      title += " · " + part
    }
    return title
  }

  /// What the colours stand for: `Relevance`, or the attributor's name.
  static func quantity(_ state: ExplorerState) -> String {
    let kind = state.attribution.outcome?.attributor.kind ?? .gradient
    return kind == .gradient ? "Relevance" : kind.title
  }

  private static func scaleName(_ pane: HeatmapPane) -> String {
    let clip =
      pane.percentile == 100
      ? "max" : "p" + NumberText.fixed(pane.percentile, decimals: pane.percentile == 99.9 ? 1 : 0)
    switch pane.norm {
    case .symmetric: return "±" + clip
    case .absolute: return "|R| " + clip
    case .unaligned: return "min…max " + clip
    }
  }

  private static func drawTitle(
    of panel: RenderedHeatmap.Panel, _ state: ExplorerState, isShort: Bool, isChosen: Bool,
    into buffer: inout CellBuffer, area: Rect
  ) {
    let theme = Theme.explorer
    let width = panel.image.width
    let title = isShort ? panel.title.split(separator: " ").last.map(String.init) : nil
    var text = StyledText(title ?? panel.title, isChosen ? theme.accent : theme.dimmed)
    if let rendered = state.heatmap.rendered, rendered.isComparison, rendered.ownScales {
      text.append(" " + range(of: panel.scale), theme.accent)
    }
    if let label = label(of: panel, state) { text.append(" " + label, theme.dimmed) }
    let line = Rect(x: area.x + panel.x, y: area.y + panel.y - 1, width: width, height: 1)
    buffer.draw(text, in: line)
  }

  /// That of the value chosen in a sweep, once it is there.
  private static func chosenPanel(_ state: ExplorerState) -> RenderedHeatmap.Panel? {
    guard let index = state.sweep?.chosen, let panels = state.heatmap.rendered?.panels else { return nil }
    return index < panels.count ? panels[index] : nil
  }

  // MARK: - Scale

  private static func drawScale(
    _ rendered: RenderedHeatmap, _ state: ExplorerState, into buffer: inout CellBuffer, in line: Rect
  ) {
    let pane = state.heatmap
    let alone = rendered.panels.count == 1 ? rendered.panels[0].scale : rendered.scale
    let scale = chosenPanel(state)?.scale ?? alone
    let map = pane.colorMap ?? standardColorMap
    let colors = (map?.bar(count: 64, level: pane.level) ?? []).map(\.color)
    // Where each map has its own, the numbers stand above them.
    let isOwn = rendered.isComparison && rendered.ownScales && rendered.panels.count > 1
    let labels =
      isOwn ? (low: "", high: ownScalesText(rendered, width: line.width)) : labels(of: scale, width: line.width)
    let unit = isOwn ? "" : " R/px"
    let strip = line.inset(right: unit.count)
    ColorScale(
      colors: colors, low: labels.low, high: labels.high, theme: .explorer
    ).draw(into: &buffer, in: strip, capabilities: state.capabilities)
    buffer.draw(unit, in: Rect(x: strip.maxX, y: line.y, width: unit.count, height: 1), style: Theme.explorer.dimmed)
  }

  /// The numbers at both ends; in a narrow pane they are shorter, and one of them does for a symmetric scale.
  private static func labels(of scale: HeatmapScale, width: Int) -> (low: String, high: String) {
    if width >= 44 { return (ColorBar.label(scale.lower), ColorBar.label(scale.upper)) }
    func short(_ value: Float) -> String { NumberText.fixed(Double(value), decimals: 3) }
    return scale.norm == .symmetric ? ("", "±" + short(scale.upper)) : (short(scale.lower), short(scale.upper))
  }

  /// `±0.0021`, `0…0.3`.
  private static func range(of scale: HeatmapScale) -> String {
    func short(_ value: Float) -> String {
      value == 0 ? "0" : abs(value) < 0.001 ? ColorBar.label(value) : NumberText.fixed(Double(value), decimals: 3)
    }
    return scale.norm == .symmetric ? "±" + short(scale.upper) : "\(short(scale.lower))…\(short(scale.upper))"
  }

  /// Why each map has a scale of its own, and how they get one.
  private static func ownScalesText(_ rendered: RenderedHeatmap, width: Int) -> String {
    guard let weaker = rendered.weaker else { return width >= 44 ? "own scales (L: one for all)" : "own (L: one)" }
    let times = NumberText.fixed(Double(weaker.times), decimals: 0)
    return width >= 44
      ? "\(weaker.title) is \(times) times weaker (L: one scale)" : "\(weaker.title) \(times)× weaker (L)"
  }

  // MARK: - Status

  /// What is going on, else what the probe reads, else what the map is.
  private static func drawStatus(_ state: ExplorerState, into buffer: inout CellBuffer, in line: Rect) {
    let theme = Theme.explorer
    let attribution = state.attribution
    if case .running(let progress?) = attribution.status, progress.elapsed > 0.1 {
      let total = state.model?.rows.count ?? 0
      if progress.stage == .passes {
        var label = NumberText.duration(progress.elapsed)
        if line.width >= 44 { label = state.shownAttributor.kind.title + " " + label }
        if line.width >= 70 { label += " · Esc cancels" }
        ProgressBar(fraction: progress.share, label: label, theme: theme).draw(into: &buffer, in: line)
        return
      }
      let pass = progress.stage == .forward ? progress.share * 2 : progress.share * 2 - 1
      let node = min(total, Int((pass * Double(total)).rounded()))
      let stage = progress.stage == .forward ? "forward" : "relevance"
      let place = "\(node)/\(total) \(NumberText.duration(progress.elapsed))"
      let label = line.width < 70 ? place : "\(stage), node \(place) · Esc cancels"
      ProgressBar(fraction: progress.share, label: label, theme: theme).draw(into: &buffer, in: line)
      return
    }
    if attribution.isStale, !attribution.isRunning {
      buffer.draw(
        line.width < 44 ? "stale · r runs it" : "stale: this shows an earlier edit (r runs it again)", in: line,
        style: theme.warning)
      return
    }
    guard let rendered = state.heatmap.rendered,
      let panel = chosenPanel(state) ?? rendered.panels.first(where: { $0.title == "B" }) ?? rendered.panels.first
    else { return }
    if let shares = shares(state, width: line.width) {
      buffer.draw(shares, in: line, style: theme.accent)
      return
    }
    if let probe = state.heatmap.probe {
      var text = "x \(probe.column) y \(probe.row)"
      if rendered.isFolded { text = "unit \(probe.row * panel.map.width + probe.column)" }
      for panel in rendered.panels {
        let value = panel.map[probe.column, probe.row].map { ColorBar.label($0) } ?? "–"
        text += "  \(panel.title.isEmpty ? "R" : panel.title) \(value)"
      }
      buffer.draw(text, in: line, style: theme.accent)
      return
    }
    func sum(_ panel: RenderedHeatmap.Panel) -> String {
      (panel.title.isEmpty ? "" : panel.title + ": ") + "Σ \(NumberText.fixed(panel.map.sum, decimals: 4))"
    }
    let sums = rendered.panels.map { sum($0) }.joined(separator: "  ")
    let all = rendered.panels.count <= 3 && sums.displayWidth + 12 <= line.width
    let size =
      rendered.isFolded ? "\(panel.map.width * panel.map.height) units" : "\(panel.map.width)×\(panel.map.height) px"
    let text = all ? sums : sum(panel)
    let whole = "\(text) · \(size)"
    buffer.draw(whole.displayWidth <= line.width ? whole : text, in: line, style: theme.dimmed)
  }

  // MARK: - Probe

  private static func drawProbe(
    _ panel: RenderedHeatmap.Panel, _ state: ExplorerState, into buffer: inout CellBuffer, area: Rect
  ) {
    guard let probe = state.heatmap.probe, panel.map.width > 0, panel.map.height > 0 else { return }
    let column = min(panel.image.width - 1, probe.column * panel.image.width / panel.map.width)
    let row = min(panel.image.height - 1, probe.row * panel.image.height / panel.map.height) / 2
    let (x, y) = (area.x + panel.x + column, area.y + panel.y + row)
    let under = buffer[x, y].style.background
    let color = under.luminance > 0.5 ? Color.black : Color.white
    buffer[x, y] = Cell("+", style: Style(foreground: color, background: under, bold: true))
  }
}
