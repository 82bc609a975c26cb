import Heatmaps

/// A strip or grid of maps for the values of one parameter, on one scale.
public struct SweepFigure: Figure {
  /// One value of the parameter and what comes of it.
  public struct Step: Sendable {
    public var value: String
    public var map: RelevanceMap

    public init(_ value: String, _ map: RelevanceMap) {
      self.value = value
      self.map = map
    }
  }

  public var title: String
  /// The parameter's name, as `gamma`.
  public var parameter: String
  public var steps: [Step]
  /// How many maps stand in a row.
  public var columns: Int
  /// The one scale of all maps.
  public var scale: HeatmapScale
  /// Whether each map fills the colours by itself instead, with the norm and the percentile of ``scale``; the bounds are
  /// then given below each. For maps whose relevance differs by orders of magnitude.
  public var ownScales = false
  public var colorMap: ColorMap
  public var level: Double
  public var caption: [String]
  public var style: FigureStyle

  /// - Parameters:
  ///   - columns: up to six in a row if `nil`, else rows as even as can be.
  ///   - scale: that of all maps together if `nil`, symmetric, with the 99th percentile of |r| at its ends.
  public init(
    title: String, parameter: String, steps: [Step], columns: Int? = nil, scale: HeatmapScale? = nil,
    colorMap: ColorMap, level: Double = 1, caption: [String] = [], style: FigureStyle = FigureStyle()
  ) {
    self.title = title
    self.parameter = parameter
    self.steps = steps
    self.columns = columns ?? Self.columns(for: steps.count)
    self.scale = scale ?? HeatmapScale(of: steps.map(\.map))
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

  public func drawing(_ text: TextMeasure) throws(FigureError) -> Drawing {
    let panels = steps.map { step in
      HeatmapPanel(parameter.isEmpty ? step.value : "\(parameter) = \(step.value)", .map(step.map))
    }
    let sheet = PanelSheet(
      kind: "sweep", title: title, panels: panels, columns: columns, scale: scale, ownScales: ownScales,
      colorMap: colorMap, level: level, caption: caption, style: style)
    return try sheet.drawing(text)
  }
}
