import Heatmaps

/// A colour bar upright beside the maps, with the relevance its colours stand for.
struct ColorBarColumn {
  let scale: HeatmapScale
  let colorMap: ColorMap
  let level: Double

  private var name: String { scale.norm == .absolute ? "|relevance|" : "relevance" }

  /// The room it takes, with the gap before it.
  func width(on sketch: Sketch) -> Double {
    let labels = bar(count: 2).ticks.map { sketch.text.width($0.label, sketch.small) }.max() ?? 0
    let numbers = sketch.points(8 + 6) + labels.rounded(.up)
    return sketch.points(12) + max(numbers, sketch.text.width(name, sketch.small).rounded(.up))
  }

  func draw(on sketch: inout Sketch, x left: Double, top: Double, height: Double) {
    let font = sketch.small
    let x = left + sketch.points(12)
    let width = sketch.points(8)
    let bar = bar(count: Int(height))
    let pixels = bar.colors.reversed().flatMap { [$0.red, $0.green, $0.blue] }
    let picture = Picture(width: 1, height: bar.colors.count, rgb: pixels)
    sketch.add(.picture(picture, x: Int(x), y: Int(top), cell: CellSize(width: Int(width), height: 1)))
    sketch.frame(Box(x: x, y: top, width: width, height: height))
    sketch.label(name, x: x, baseline: top - sketch.points(7), font, color: Ink.quiet)
    for tick in Self.readable(bar.ticks, height: height, lineHeight: font.lineHeight) {
      let y = (top + (1 - tick.position) * height).rounded()
      sketch.fill(x: x + width, y: y, width: sketch.points(3), height: sketch.hairline, Ink.axis)
      sketch.label(tick.label, x: x + width + sketch.points(5), baseline: y + font.halfCapital, font)
    }
  }

  private func bar(count: Int) -> ColorBar { ColorBar(scale: scale, colorMap: colorMap, level: level, count: count) }

  /// The ticks whose numbers do not run into each other; the ends come first.
  static func readable(_ ticks: [ColorBar.Tick], height: Double, lineHeight: Double) -> [ColorBar.Tick] {
    ticks.filter { tick in
      tick.position == 0 || tick.position == 1
        || min(tick.position, 1 - tick.position) * height >= lineHeight
    }
  }
}
