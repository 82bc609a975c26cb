/// What is the same in all figures: how large texts are and how many pixels a point has.
public struct FigureStyle: Hashable, Sendable {
  /// Size of ordinary text in points (1/72 inch), 5 to 48.
  public let textSize: Double
  /// Pixels per point, 1 to 8. SVG and PDF have the same size in points whatever this is.
  public let pixelsPerPoint: Int

  /// A style; numbers out of range are brought into it. The default suits a column of a paper at 144 pixels per inch.
  public init(textSize: Double = 9, pixelsPerPoint: Int = 2) {
    self.textSize = textSize.isFinite ? min(max(textSize, 5), 48) : 9
    self.pixelsPerPoint = min(max(pixelsPerPoint, 1), 8)
  }

  /// For slides: larger text, as seen from the last row.
  public static let slides = FigureStyle(textSize: 14, pixelsPerPoint: 2)
}
