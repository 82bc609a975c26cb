import Heatmaps

/// The groups of a bar chart, one under the other.
struct BarRows {
  let groups: [BarFigure.Group]
  let valueName: String
  let reference: Double?
  private let axis: ValueAxis
  private let nameWidth: Double
  private let plotWidth: Double
  /// The room for the number right of the longest bar.
  private let numberWidth: Double
  private let barHeight: Double
  private let gap: Double

  init(groups: [BarFigure.Group], valueName: String, reference: Double?, sketch: Sketch) {
    self.groups = groups
    self.valueName = valueName
    self.reference = reference
    let font = sketch.small
    let values = groups.flatMap { $0.values.compactMap { $0 } }
    axis = ValueAxis(covering: values + (reference.map { [$0] } ?? []), includesZero: true, tickCount: 5)
    let names = groups.map { sketch.text.width(TextMeasure.printable($0.name), font) }.max() ?? 0
    nameWidth = min(names, sketch.points(170)).rounded(.up)
    let factor = sketch.style.textSize / 9
    plotWidth = sketch.points(240 * factor)
    numberWidth = (values.map { sketch.text.width(ValueText.value($0), font) }.max() ?? 0).rounded(.up)
    barHeight = font.lineHeight
    gap = sketch.points(6)
  }

  var width: Double { nameWidth + gap + plotWidth + gap + numberWidth }

  /// Bars past the palette's colours are hatched as well.
  static func color(_ number: Int) -> RGB { Ink.series[number % Ink.series.count] }
  static func isHatched(_ number: Int) -> Bool { number >= Ink.series.count }

  func draw(on sketch: inout Sketch, x left: Double, top: Double) -> Double {
    let font = sketch.small
    let bars = groups.map { max(1, $0.values.count) }.reduce(0, +)
    let height = Double(bars) * barHeight + Double(groups.count + 1) * gap
    let plot = HorizontalAxis(
      axis: axis, plot: Box(x: left + nameWidth + gap, y: top, width: plotWidth, height: height), name: valueName)
    plot.drawGrid(on: &sketch)
    var y = top + gap
    for group in groups {
      let height = Double(max(1, group.values.count)) * barHeight
      let lines = sketch.text.wrapped(
        group.name, font, width: nameWidth, lines: max(1, Int(height / font.lineHeight)))
      let textTop = (y + (height - Double(lines.count) * font.lineHeight) / 2).rounded()
      _ = sketch.paragraph(lines, x: left + nameWidth, top: textTop, font, anchor: .end)
      for (number, value) in group.values.enumerated() {
        draw(value, number, plot, top: y + Double(number) * barHeight, on: &sketch)
      }
      y += height + gap
    }
    if let reference, let x = plot.x(reference) {
      sketch.add(
        .line(
          [Point(x, plot.plot.y), Point(x, plot.plot.bottom)], Ink.text, width: sketch.points(1),
          dashes: [sketch.points(4), sketch.points(3)]))
    }
    return plot.draw(on: &sketch)
  }

  private func draw(_ value: Double?, _ number: Int, _ plot: HorizontalAxis, top: Double, on sketch: inout Sketch) {
    let font = sketch.small
    let baseline = top + barHeight / 2 + font.halfCapital
    guard let zero = plot.x(0) else { return }
    var right = zero
    if let value, let end = plot.x(value) {
      let box = Box(
        x: min(zero, end), y: top + sketch.hairline, width: max(abs(end - zero), sketch.hairline),
        height: barHeight - 2 * sketch.hairline)
      sketch.bar(box, Self.color(number), isHatched: Self.isHatched(number))
      right = max(zero, end)
    }
    let text = value.map { ValueText.value($0) } ?? ValueText.percent(nil)
    let width = sketch.text.width(text, font)
    // White behind the number: lines would run through it.
    sketch.fill(x: right + sketch.points(2), y: top + 1, width: width + sketch.points(3), height: barHeight - 2, .white)
    sketch.label(text, x: right + sketch.points(4), baseline: baseline, font)
  }
}
