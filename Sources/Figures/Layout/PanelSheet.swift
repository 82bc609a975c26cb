import Heatmaps

/// Heatmaps in rows, with a title, one colour bar for all and a caption.
struct PanelSheet {
  private let kind = "heatmap"
  var title: String
  var panels: [HeatmapPanel]
  var columns: Int
  var scale: HeatmapScale
  /// Whether each map fills the colours by itself, with ``scale``'s norm and percentile.
  var ownScales = false
  var colorMap: ColorMap
  var level: Double
  var caption: [String]
  var style: FigureStyle

  func drawing(_ text: TextMeasure) throws(FigureError) -> Drawing {
    guard panels.contains(where: { $0.map != nil }) else { throw .empty(figure: kind, expected: "at least one map") }
    guard panels.allSatisfy({ $0.size.width > 0 && $0.size.height > 0 }) else {
      throw .empty(figure: kind, expected: "maps and pictures with at least one pixel")
    }
    var sketch = Sketch(style, text)
    let grid = PanelGrid(
      sizes: panels.map(\.size), columns: columns, side: sketch.points((columns > 4 ? 112 : 224) * style.textSize / 9),
      minimumWidth: sketch.points(56))
    try check(grid, sketch)
    let bar = ColorBarColumn(scale: scale, isRelative: ownScales, colorMap: colorMap, level: level)
    let gridWidth = grid.columnWidths.reduce(0, +) + Double(grid.columns - 1) * sketch.gap
    let width = max(gridWidth + bar.width(on: sketch), sketch.points(180))
    var y = sketch.margin
    y = sketch.paragraph(text.wrapped(title, sketch.title, width: width), x: sketch.margin, top: y, sketch.title)
    y += y > sketch.margin ? sketch.points(4) : 0
    // Above the first row there is always a line, for the bar has a heading too.
    let palette = colorMap.palette(level: level)
    let firstTop = y + headingHeight(row: 0, grid, sketch)
    for row in grid.rowHeights.indices {
      y = draw(row: row, of: grid, top: y, palette: palette, on: &sketch)
    }
    let height = min(max(y - sketch.gap - firstTop, sketch.points(56)), sketch.points(224))
    bar.draw(on: &sketch, x: sketch.margin + gridWidth, top: firstTop, height: height.rounded())
    y = max(y - sketch.gap, firstTop + height + sketch.points(4)) + sketch.points(6)
    let notes = (caption + automaticNotes).filter { !$0.isEmpty }
    y = CaptionBlock(notes).draw(on: &sketch, x: sketch.margin, top: y, width: width)
    return try sketch.drawing(title: title, kind: kind, width: width + 2 * sketch.margin, height: y + sketch.margin)
  }

  /// Refuses what is too large before pixels are made.
  private func check(_ grid: PanelGrid, _ sketch: Sketch) throws(FigureError) {
    _ = try sketch.drawing(
      title: title, kind: kind, width: grid.columnWidths.reduce(0, +), height: grid.rowHeights.reduce(0, +))
  }

  /// What the reader has to know about the colours and nobody should have to write.
  private var automaticNotes: [String] {
    var notes: [String] = []
    if ownScales { notes.append("each map has a scale of its own, given below it") }
    if scale.percentile < 100 {
      let measured = scale.norm == .unaligned ? "R" : "|R|"
      notes.append("colours end at percentile \(ValueText.short(scale.percentile)) of \(measured)")
    }
    if panels.contains(where: { $0.map?.values.contains(where: \.isNaN) ?? false }) {
      notes.append("magenta: not a number")
    }
    return notes
  }

  private func scale(of map: RelevanceMap?) -> HeatmapScale {
    guard ownScales, let map else { return scale }
    return HeatmapScale(of: map, norm: scale.norm, percentile: scale.percentile)
  }

  /// What the ends of the colours stand for, to be said below a map with a scale of its own.
  private static func range(_ scale: HeatmapScale) -> String {
    scale.norm == .symmetric
      ? "\u{B1}\(ColorBar.label(scale.upper))"
      : "\(ColorBar.label(scale.lower)) to \(ColorBar.label(scale.upper))"
  }

  private func headingLines(_ index: Int, _ width: Double, _ sketch: Sketch) -> [String] {
    sketch.text.wrapped(panels[index].heading, sketch.body, width: width, lines: 3)
  }

  private func headingHeight(row: Int, _ grid: PanelGrid, _ sketch: Sketch) -> Double {
    let lines = indices(row, grid).map {
      headingLines($0, grid.columnWidths[$0 % grid.columns], sketch).count
    }
    return Double(max(lines.max() ?? 0, row == 0 ? 1 : 0)) * sketch.body.lineHeight + sketch.points(3)
  }

  private func indices(_ row: Int, _ grid: PanelGrid) -> Range<Int> {
    row * grid.columns..<min((row + 1) * grid.columns, panels.count)
  }

  private func draw(
    row: Int, of grid: PanelGrid, top: Double, palette: [RGB], on sketch: inout Sketch
  ) -> Double {
    let boxTop = top + headingHeight(row: row, grid, sketch)
    var x = sketch.margin
    for (column, index) in indices(row, grid).enumerated() {
      // Headings stand on the panels, however many lines they have.
      let lines = headingLines(index, grid.columnWidths[column], sketch)
      let headingTop = boxTop - sketch.points(3) - Double(lines.count) * sketch.body.lineHeight
      _ = sketch.paragraph(lines, x: x, top: headingTop, sketch.body)
      let scale = scale(of: panels[index].map)
      let picture = panels[index].picture(scale: scale, palette: palette)
      let cell = grid.cells[index]
      sketch.add(.picture(picture, x: Int(x), y: Int(boxTop), cell: cell))
      let box = Box(
        x: x, y: boxTop, width: Double(picture.width * cell.width), height: Double(picture.height * cell.height))
      sketch.frame(box)
      if ownScales, panels[index].map != nil {
        sketch.label(
          Self.range(scale), x: x, baseline: box.bottom + sketch.points(2) + sketch.small.ascent, sketch.small,
          color: Ink.quiet)
      }
      x += grid.columnWidths[column] + sketch.gap
    }
    let rangeHeight = ownScales ? sketch.points(2) + sketch.small.lineHeight : 0
    return boxTop + grid.rowHeights[row] + rangeHeight + sketch.gap
  }
}
