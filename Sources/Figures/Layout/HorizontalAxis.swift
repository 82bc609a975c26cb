/// A ``ValueAxis`` from left to right under a plot, with lines up through it.
struct HorizontalAxis {
  let axis: ValueAxis
  let plot: Box
  let name: String

  func x(_ value: Double) -> Double? { axis.position(value).map { plot.x + ($0 * plot.width).rounded() } }

  /// The lines, which bars and curves are painted over.
  func drawGrid(on sketch: inout Sketch) {
    for tick in axis.ticks {
      guard let x = x(tick.value) else { continue }
      let isZero = tick.value == 0 && axis.scale == .linear
      let width = sketch.hairline
      sketch.fill(x: x, y: plot.y, width: width, height: plot.height, isZero ? Ink.axis : Ink.grid)
    }
  }

  /// Line, ticks, numbers and name; returns where they end.
  func draw(on sketch: inout Sketch) -> Double {
    let font = sketch.small
    let tickLength = sketch.points(3)
    sketch.fill(x: plot.x, y: plot.bottom, width: plot.width + sketch.hairline, height: sketch.hairline, Ink.axis)
    let baseline = plot.bottom + tickLength + sketch.points(1) + font.ascent
    var free = -Double.infinity
    for tick in axis.ticks {
      guard let x = x(tick.value) else { continue }
      sketch.fill(x: x, y: plot.bottom, width: sketch.hairline, height: tickLength, Ink.axis)
      let width = sketch.text.width(tick.label, font)
      guard x - width / 2 >= free else { continue }
      sketch.label(tick.label, x: x, baseline: baseline, font, anchor: .middle)
      free = x + width / 2 + sketch.points(4)
    }
    var bottom = baseline - font.ascent + font.lineHeight
    if !name.isEmpty {
      let lines = sketch.text.wrapped(name, font, width: plot.width + sketch.points(40), lines: 3)
      bottom = sketch.paragraph(
        lines, x: plot.x + (plot.width / 2).rounded(), top: bottom, font, anchor: .middle, color: Ink.quiet)
    }
    return bottom
  }
}
