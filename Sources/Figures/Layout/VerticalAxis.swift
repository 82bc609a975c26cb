/// A ``ValueAxis`` from bottom to top, left of a plot, with lines through it.
struct VerticalAxis {
  let axis: ValueAxis
  let name: String

  /// The room its name, numbers and ticks take left of the plot.
  func width(on sketch: Sketch) -> Double {
    let font = sketch.small
    let numbers = axis.ticks.map { sketch.text.width($0.label, font) }.max() ?? 0
    return numbers.rounded(.up) + sketch.points(6) + (name.isEmpty ? 0 : font.lineHeight + sketch.points(2))
  }

  func y(_ value: Double, in plot: Box) -> Double? {
    axis.position(value).map { plot.bottom - ($0 * plot.height).rounded() }
  }

  func draw(on sketch: inout Sketch, plot: Box) {
    let font = sketch.small
    for tick in axis.ticks {
      guard let y = y(tick.value, in: plot) else { continue }
      sketch.fill(x: plot.x, y: y, width: plot.width, height: sketch.hairline, Ink.grid)
      sketch.fill(x: plot.x - sketch.points(3), y: y, width: sketch.points(3), height: sketch.hairline, Ink.axis)
      sketch.label(
        tick.label, x: plot.x - sketch.points(5), baseline: y + font.halfCapital, font, anchor: .end)
    }
    sketch.fill(x: plot.x, y: plot.y, width: sketch.hairline, height: plot.height, Ink.axis)
    guard !name.isEmpty else { return }
    let text = sketch.text.shortened(name, font, width: plot.height + sketch.points(40))
    sketch.label(
      text, x: plot.x - width(on: sketch) + font.ascent, baseline: plot.y + plot.height / 2, font, anchor: .middle,
      color: Ink.quiet, turned: true)
  }
}
