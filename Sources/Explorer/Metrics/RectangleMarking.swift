import Heatmaps
import LRP
import TerminalUI

/// A rectangle on the picture: two of its corners, the second of which follows the probe while it is drawn.
package struct MarkedRectangle: Hashable, Sendable {
  package var anchor: MapPosition
  package var corner: MapPosition
  package var isBeingDrawn: Bool

  package init(anchor: MapPosition, corner: MapPosition, isBeingDrawn: Bool) {
    self.anchor = anchor
    self.corner = corner
    self.isBeingDrawn = isBeingDrawn
  }

  /// Both corners are inside.
  package var pixels: PixelRectangle {
    let (left, right) = (min(anchor.column, corner.column), max(anchor.column, corner.column))
    let (top, bottom) = (min(anchor.row, corner.row), max(anchor.row, corner.row))
    return PixelRectangle(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }
}

extension HeatmapPane {
  /// Begins a rectangle at the probe, ends the one that is being drawn, or takes it away.
  mutating func toggleRectangle() {
    if rectangle?.isBeingDrawn == true {
      rectangle?.isBeingDrawn = false
    } else if rectangle != nil {
      rectangle = nil
    } else {
      if probe == nil { moveProbe(.right) }
      guard let probe else { return }
      rectangle = MarkedRectangle(anchor: probe, corner: probe, isBeingDrawn: true)
    }
  }

  /// The rectangle's free corner goes where the probe is.
  mutating func followProbe() {
    guard rectangle?.isBeingDrawn == true, let probe else { return }
    rectangle?.corner = probe
  }

  /// A mouse button was pressed at the probe: with the right one, a rectangle begins there.
  mutating func beginRectangle() {
    guard let probe else { return }
    rectangle = MarkedRectangle(anchor: probe, corner: probe, isBeingDrawn: true)
  }

  /// `in 40,20,60,50 (12.1 % of px): A 61.2 %  B 72.9 %`: the shares of the positive relevance.
  static func shares(_ state: ExplorerState, width: Int) -> String? {
    guard let rectangle = state.heatmap.rectangle, let rendered = state.heatmap.rendered, state.heatmap.node == 0
    else { return nil }
    var parts: [String] = []
    var area = ""
    for panel in rendered.panels where panel.title != "B−A" {
      guard
        let share = try? RelevanceShare(
          of: panel.map.values.map(Double.init), width: panel.map.width, height: panel.map.height,
          in: rectangle.pixels)
      else { continue }
      let positive = share.positiveShare.map { percent($0) } ?? "–"
      parts.append((panel.title.isEmpty ? "R⁺" : panel.title) + " " + positive)
      area = percent(share.area)
    }
    if parts.isEmpty { return nil }
    let shares = parts.joined(separator: "  ")
    let whole = "in \(rectangle.pixels) (\(area) of px): " + shares
    // In a narrow pane the shares come first.
    if whole.displayWidth <= width { return whole }
    let short = "\(shares)  of \(area) px"
    return short.displayWidth <= width ? short : shares
  }

  private static func percent(_ share: Double) -> String { NumberText.fixed(100 * share, decimals: 1) + " %" }

  /// The rectangle's outline on a panel of the picture.
  static func drawRectangle(
    _ panel: RenderedHeatmap.Panel, _ state: ExplorerState, into buffer: inout CellBuffer, area: Rect
  ) {
    guard let pixels = state.heatmap.rectangle?.pixels, state.heatmap.node == 0, panel.map.width > 0,
      panel.map.height > 0
    else { return }
    func cell(_ column: Int, _ row: Int) -> (x: Int, y: Int) {
      let x = min(panel.image.width - 1, column * panel.image.width / panel.map.width)
      let y = min(panel.image.height - 1, row * panel.image.height / panel.map.height) / 2
      return (area.x + panel.x + x, area.y + panel.y + y)
    }
    let first = cell(pixels.x, pixels.y)
    let last = cell(pixels.x + pixels.width - 1, pixels.y + pixels.height - 1)
    func put(_ glyph: Character, _ x: Int, _ y: Int) {
      let under = buffer[x, y].style.background
      let color = under.luminance > 0.5 ? Color.black : Color.white
      buffer[x, y] = Cell(glyph, style: Style(foreground: color, background: under, bold: true))
    }
    for x in first.x...max(first.x, last.x) {
      put("─", x, first.y)
      put("─", x, last.y)
    }
    for y in first.y...max(first.y, last.y) {
      put("│", first.x, y)
      put("│", last.x, y)
    }
    put("┌", first.x, first.y)
    put("┐", last.x, first.y)
    put("└", first.x, last.y)
    put("┘", last.x, last.y)
  }
}
