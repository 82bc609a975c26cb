import Heatmaps

/// Bars side by side, with their numbers: the figure for a benchmark's table.
public struct BarFigure: Figure {
  /// The bars of one row of the table.
  public struct Group: Hashable, Sendable {
    public var name: String
    /// One per series; `nil` where there is none.
    public var values: [Double?]

    public init(_ name: String, _ values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  public var title: String
  /// What the bars of each group are, first to last.
  public var series: [String]
  public var groups: [Group]
  /// What the numbers are, with their unit.
  public var valueName: String
  /// A value to draw a dashed line at, as 1 for ratios.
  public var reference: Double?
  public var caption: [String]
  public var style: FigureStyle

  public init(
    title: String, series: [String], groups: [Group], valueName: String, reference: Double? = nil,
    caption: [String] = [], style: FigureStyle = FigureStyle()
  ) {
    self.title = title
    self.series = series
    self.groups = groups
    self.valueName = valueName
    self.reference = reference
    self.caption = caption
    self.style = style
  }

  /// - Throws: ``FigureError/empty(figure:expected:)``; ``FigureError/mismatch(figure:found:expected:)`` if a group has
  ///   another number of values than there are series.
  public func drawing(_ text: TextMeasure) throws(FigureError) -> Drawing {
    guard !series.isEmpty, !groups.isEmpty else {
      throw .empty(figure: "bars", expected: "at least one series and one group")
    }
    if let group = groups.first(where: { $0.values.count != series.count }) {
      throw .mismatch(
        figure: "bars", found: "\(group.values.count) values in group \"\(group.name)\"",
        expected: "\(series.count), one for each series")
    }
    var sketch = Sketch(style, text)
    let bars = BarRows(groups: groups, valueName: valueName, reference: reference, sketch: sketch)
    let left = sketch.margin
    var y = sketch.paragraph(
      text.wrapped(title, sketch.title, width: bars.width), x: left, top: sketch.margin, sketch.title)
    if series.count > 1 || series != [""] {
      let entries = series.enumerated().map { number, name in
        Legend.Entry(text: name, swatch: .box(BarRows.color(number), isHatched: BarRows.isHatched(number)))
      }
      y = Legend(entries: entries).draw(on: &sketch, x: left, top: y + sketch.points(2), width: bars.width)
    }
    y = bars.draw(on: &sketch, x: left, top: y + sketch.points(8))
    y = CaptionBlock(caption).draw(on: &sketch, x: left, top: y + sketch.points(6), width: bars.width)
    return try sketch.drawing(title: title, kind: "bars", width: bars.width + 2 * left, height: y + sketch.margin)
  }
}
