import Heatmaps

/// Curves with axes and a legend: pixel-flipping curves, ratios over sizes.
public struct CurveFigure: Figure {
  /// One curve. Points that are not numbers, or have no place on a logarithmic axis, leave a gap.
  public struct Series: Sendable {
    public var name: String
    public var points: [(x: Double, y: Double)]

    public init(_ name: String, points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }

    /// Values at equal distances, from `start` on.
    public init(_ name: String, values: [Double], start: Double = 0, step: Double = 1) {
      self.init(name, points: values.enumerated().map { (start + Double($0.offset) * step, $0.element) })
    }
  }

  /// An axis: what it is called and how it is divided.
  public struct Axis: Hashable, Sendable {
    public var name: String
    public var scale: AxisScale
    /// Whether zero is on a linear axis even if no value is near it.
    public var includesZero: Bool

    public init(_ name: String, scale: AxisScale = .linear, includesZero: Bool = false) {
      self.name = name
      self.scale = scale
      self.includesZero = includesZero
    }
  }

  public var title: String
  public var series: [Series]
  public var x: Axis
  public var y: Axis
  /// A value of y to draw a dashed line at, as 1 for ratios.
  public var reference: Double?
  public var caption: [String]
  public var style: FigureStyle

  /// Curves with more points than this go without a marker on each.
  package static let markerLimit = 40

  public init(
    title: String, series: [Series], x: Axis, y: Axis, reference: Double? = nil, caption: [String] = [],
    style: FigureStyle = FigureStyle()
  ) {
    self.title = title
    self.series = series
    self.x = x
    self.y = y
    self.reference = reference
    self.caption = caption
    self.style = style
  }

  /// - Throws: ``FigureError/empty(figure:expected:)`` if no point can be shown.
  public func drawing(_ text: TextMeasure) throws(FigureError) -> Drawing {
    let points = series.flatMap(\.points)
    let horizontal = ValueAxis(
      covering: points.map(\.x), scale: x.scale, includesZero: x.includesZero, tickCount: 6)
    let vertical = ValueAxis(
      covering: points.map(\.y) + (reference.map { [$0] } ?? []), scale: y.scale, includesZero: y.includesZero,
      tickCount: 6)
    guard points.contains(where: { horizontal.position($0.x) != nil && vertical.position($0.y) != nil }) else {
      throw .empty(figure: "curves", expected: "a series with at least one number that its axes can show")
    }
    var sketch = Sketch(style, text)
    let factor = style.textSize / 9
    let left = VerticalAxis(axis: vertical, name: y.name)
    let leftWidth = left.width(on: sketch)
    let plotWidth = sketch.points(300 * factor)
    let width = leftWidth + plotWidth + sketch.points(10)
    var top = sketch.paragraph(
      text.wrapped(title, sketch.title, width: width), x: sketch.margin, top: sketch.margin, sketch.title)
    top = drawLegend(on: &sketch, top: top + sketch.points(2), width: width) + sketch.points(8)
    let plot = Box(x: sketch.margin + leftWidth, y: top, width: plotWidth, height: sketch.points(190 * factor))
    let bottom = HorizontalAxis(axis: horizontal, plot: plot, name: x.name)
    bottom.drawGrid(on: &sketch)
    left.draw(on: &sketch, plot: plot)
    let end = bottom.draw(on: &sketch)
    if let reference, let y = left.y(reference, in: plot) {
      sketch.add(
        .line(
          [Point(plot.x, y), Point(plot.right, y)], Ink.quiet, width: sketch.points(1),
          dashes: [sketch.points(4), sketch.points(3)]))
    }
    for (number, series) in series.enumerated() {
      draw(series, SeriesLook(number: number), bottom, left, on: &sketch)
    }
    let captionEnd = CaptionBlock(caption).draw(
      on: &sketch, x: sketch.margin, top: end + sketch.points(6), width: width)
    return try sketch.drawing(
      title: title, kind: "curves", width: width + 2 * sketch.margin, height: captionEnd + sketch.margin)
  }

  /// A curve alone needs no legend if it has no name.
  private func drawLegend(on sketch: inout Sketch, top: Double, width: Double) -> Double {
    let entries = series.enumerated().filter { !$0.element.name.isEmpty }.map { number, series in
      Legend.Entry(text: series.name, swatch: .line(SeriesLook(number: number)))
    }
    return Legend(entries: entries).draw(on: &sketch, x: sketch.margin, top: top, width: width)
  }

  private func draw(
    _ series: Series, _ look: SeriesLook, _ bottom: HorizontalAxis, _ left: VerticalAxis, on sketch: inout Sketch
  ) {
    var run: [Point] = []
    let hasMarkers = series.points.count <= Self.markerLimit
    for (x, y) in series.points {
      guard let x = bottom.axis.position(x), let y = left.axis.position(y) else {
        finish(&run, look, hasMarkers, on: &sketch)
        continue
      }
      run.append(Point(bottom.plot.x + x * bottom.plot.width, bottom.plot.bottom - y * bottom.plot.height))
    }
    finish(&run, look, hasMarkers, on: &sketch)
  }

  private func finish(_ run: inout [Point], _ look: SeriesLook, _ hasMarkers: Bool, on sketch: inout Sketch) {
    sketch.line(run, look)
    // A point between two gaps would not be seen without a marker.
    if hasMarkers || run.count == 1 {
      for point in run { sketch.marker(at: point, look) }
    }
    run = []
  }
}
