import Heatmaps

/// Two maps and their difference on one scale: A | B | B - A.
public struct ComparisonFigure: Figure {
  public var title: String
  /// What A and B are called.
  public var headings: (a: String, b: String)
  public var a: RelevanceMap
  public var b: RelevanceMap
  /// The input, to be shown on the left.
  public var picture: Picture?
  /// The one scale of all three.
  public var scale: HeatmapScale
  public var colorMap: ColorMap
  public var level: Double
  public var caption: [String]
  public var style: FigureStyle

  /// - Parameter scale: that of A, B and their difference together if `nil`, symmetric, with the 99th percentile of |r| at
  ///   its ends.
  public init(
    title: String, a: (heading: String, map: RelevanceMap), b: (heading: String, map: RelevanceMap),
    picture: Picture? = nil, scale: HeatmapScale? = nil, colorMap: ColorMap, level: Double = 1, caption: [String] = [],
    style: FigureStyle = FigureStyle()
  ) {
    self.title = title
    headings = (a.heading, b.heading)
    self.a = a.map
    self.b = b.map
    self.picture = picture
    self.scale = scale ?? HeatmapScale(of: [a.map, b.map] + (b.map.minus(a.map).map { [$0] } ?? []))
    self.colorMap = colorMap
    self.level = level
    self.caption = caption
    self.style = style
  }

  /// - Throws: ``FigureError/mismatch(figure:found:expected:)`` if the maps differ in size.
  public func drawing(_ text: TextMeasure) throws(FigureError) -> Drawing {
    guard let difference = b.minus(a) else {
      throw .mismatch(
        figure: "comparison", found: "maps of \(a.width) x \(a.height) and \(b.width) x \(b.height) values",
        expected: "two maps of one size")
    }
    func heading(_ letter: String, _ text: String) -> String { text.isEmpty ? letter : "\(letter): \(text)" }
    var panels = [
      HeatmapPanel(heading("A", headings.a), .map(a)), HeatmapPanel(heading("B", headings.b), .map(b)),
      HeatmapPanel("B \u{2212} A", .map(difference)),
    ]
    if let picture { panels.insert(HeatmapPanel("input", .picture(picture)), at: 0) }
    let sheet = PanelSheet(
      kind: "comparison", title: title, panels: panels, columns: panels.count, scale: scale, colorMap: colorMap,
      level: level, caption: caption, style: style)
    return try sheet.drawing(text)
  }
}
