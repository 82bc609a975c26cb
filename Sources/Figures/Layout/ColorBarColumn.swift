import Heatmaps

/// A colour bar upright beside the maps, with the relevance its colours stand for.
struct ColorBarColumn {
  let scale: HeatmapScale
  /// Whether its ends are those of each map's own scale, which have no numbers in common.
  let isRelative: Bool
  let colorMap: ColorMap
  let level: Double

  private var name: String { scale.norm == .absolute ? "|relevance|" : "relevance" }

  /// The room it takes, with the gap before it.
  func width(on sketch: Sketch) -> Double {
    let labels = bar(count: 2).ticks.map { sketch.text.width(label($0), sketch.small) }.max() ?? 0
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
    sketch.label(name, x: x, baseline: top - font.halfCapital - sketch.points(4), font, color: Ink.quiet)
    for tick in Self.readable(bar.ticks, height: height, lineHeight: font.lineHeight) {
      let y = (top + (1 - tick.position) * height).rounded()
      sketch.fill(x: x + width, y: y, width: sketch.points(3), height: sketch.hairline, Ink.axis)
      sketch.label(label(tick), x: x + width + sketch.points(5), baseline: y + font.halfCapital, font)
    }
  }

  private func label(_ tick: ColorBar.Tick) -> String {
    guard isRelative, tick.position == 0 || tick.position == 1 else { return tick.label }
    if tick.position == 1 { return "max" }
    switch scale.norm {
    case .symmetric: return "-max"
    case .absolute: return "0"
    case .unaligned: return "min"
    }
  }

  private func bar(count: Int) -> ColorBar {
    // Any bounds will do where only their names are shown; zero has a place if the norm gives it one.
    let (lower, upper): (Float, Float) =
      switch scale.norm {
      case .symmetric: (-1, 1)
      case .absolute: (0, 1)
      case .unaligned: (1, 2)
      }
    let shown = isRelative ? HeatmapScale(norm: scale.norm, lower: lower, upper: upper) : scale
    return ColorBar(scale: shown, colorMap: colorMap, level: level, count: count)
  }

  /// The ticks whose numbers do not run into each other; the ends come first.
  static func readable(_ ticks: [ColorBar.Tick], height: Double, lineHeight: Double) -> [ColorBar.Tick] {
    ticks.filter { tick in
      tick.position == 0 || tick.position == 1
        || min(tick.position, 1 - tick.position) * height >= lineHeight
    }
  }
}
