import Heatmaps

/// Heatmaps with a title, a colour bar with numbers and a caption: one, two with their difference, those of a sweep.
///
/// Every value of a map becomes a rectangle of whole pixels in the colour that ``Heatmap`` gives it; nothing is smoothed.
public struct HeatmapFigure: Figure {
  public var title: String
  public var panels: [HeatmapPanel]
  /// How many panels stand in a row.
  public var columns: Int
  /// The one scale of all maps.
  public var scale: HeatmapScale
  /// Whether each map fills the colours by itself instead, with the norm and the percentile of ``scale``; the bounds are
  /// then given below each. For maps whose relevance differs by orders of magnitude.
  public var ownScales = false
  public var colorMap: ColorMap
  /// See `ColorMap.palette(level:)`.
  public var level: Double
  /// What is said below: model, target, composite. How the colours are clipped is added by itself.
  public var caption: [String]
  public var style: FigureStyle

  /// - Parameters:
  ///   - columns: up to six in a row if `nil`, else rows as even as can be.
  ///   - scale: that of all maps together if `nil`, symmetric, with the 99th percentile of |r| at its ends.
  public init(
    title: String, panels: [HeatmapPanel], columns: Int? = nil, scale: HeatmapScale? = nil, colorMap: ColorMap,
    level: Double = 1, caption: [String] = [], style: FigureStyle = FigureStyle()
  ) {
    self.title = title
    self.panels = panels
    self.columns = columns ?? Self.columns(for: panels.count)
    self.scale = scale ?? HeatmapScale(of: panels.compactMap(\.map))
    self.colorMap = colorMap
    self.level = level
    self.caption = caption
    self.style = style
  }

  /// Columns so that there are at most six, in as few rows as possible, as evenly filled as possible.
  package static func columns(for count: Int) -> Int {
    let rows = (count + 5) / 6
    return rows == 0 ? 1 : (count + rows - 1) / rows
  }

  /// One map, and beside it, if given, the picture that it explains.
  public init(
    title: String, map: RelevanceMap, picture: Picture? = nil, scale: HeatmapScale? = nil, colorMap: ColorMap,
    level: Double = 1, caption: [String] = [], style: FigureStyle = FigureStyle()
  ) {
    let pictures = picture.map { [HeatmapPanel("input", .picture($0))] } ?? []
    self.init(
      title: title, panels: pictures + [HeatmapPanel(pictures.isEmpty ? "" : "relevance", .map(map))], scale: scale,
      colorMap: colorMap, level: level, caption: caption, style: style)
  }

  public func drawing(_ text: TextMeasure) throws(FigureError) -> Drawing {
    let sheet = PanelSheet(
      title: title, panels: panels, columns: columns, scale: scale, ownScales: ownScales,
      colorMap: colorMap, level: level, caption: caption, style: style)
    return try sheet.drawing(text)
  }
}
