import Tensors

/// A rectangle of pixels of the model's input, from the left and from the top.
public struct PixelRectangle: Hashable, Sendable, CustomStringConvertible {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public func contains(x column: Int, y row: Int) -> Bool {
    column >= x && column - x < width && row >= y && row - y < height
  }

  /// As it is written: `x,y,w,h`.
  public var description: String { "\(x),\(y),\(width),\(height)" }
}

/// How much of the relevance lies in a rectangle, say around the thing that is explained.
public struct RelevanceShare: Hashable, Sendable {
  public let rectangle: PixelRectangle
  /// Summed over the channels of the pixels inside, and of all pixels.
  public let inside: Double
  public let total: Double
  /// The same of the pixels whose sum is positive.
  public let positiveInside: Double
  public let positiveTotal: Double
  /// The share of the pixels that is inside: what a map of equal values would give.
  public let area: Double
  /// Whether the pixel with the most relevance is inside: the pointing game (Zhang et al. 2016).
  public let isHit: Bool

  /// Inside over total; `nil` where the total is zero. Beyond 0…1 where signs mix.
  public var share: Double? { total == 0 ? nil : inside / total }
  /// The energy-based pointing game (Wang et al. 2020, "Score-CAM"): positive inside over positive total, 0…1; `nil`
  /// where nothing is positive.
  public var positiveShare: Double? { positiveTotal == 0 ? nil : positiveInside / positiveTotal }

  /// - Parameter relevance: `(N, C, H, W)`.
  /// - Throws: ``LRPError/metric(_:)`` for what is no picture, not finite, or a rectangle that is not inside it.
  public init(of relevance: Tensor, sample: Int = 0, in rectangle: PixelRectangle) throws {
    let shape = relevance.shape
    guard shape.rank == 4, shape.count > 0, (0..<shape.batch).contains(sample) else {
      throw LRPError.metric("relevance of shape \(shape) found, that of pictures (N, C, H, W) expected")
    }
    guard relevance.isFinite else { throw LRPError.metric("relevance that is not finite found, it has no share") }
    try self.init(of: relevance.pixelSums(ofSample: sample), width: shape[3], height: shape[2], in: rectangle)
  }

  /// - Parameter values: a value per pixel, row by row.
  /// - Throws: ``LRPError/metric(_:)`` for a rectangle that is not inside the picture.
  public init(of values: [Double], width: Int, height: Int, in rectangle: PixelRectangle) throws {
    guard width > 0, height > 0, values.count == width * height, rectangle.width > 0, rectangle.height > 0,
      rectangle.x >= 0, rectangle.y >= 0, rectangle.x <= width, rectangle.y <= height,
      rectangle.width <= width - rectangle.x, rectangle.height <= height - rectangle.y
    else {
      throw LRPError.metric(
        "the rectangle \(rectangle) (x,y,width,height) found, one inside the picture of \(width) x \(height) pixels expected"
      )
    }
    var (inside, total, positiveInside, positiveTotal) = (0.0, 0.0, 0.0, 0.0)
    var strongest: (value: Double, isInside: Bool)?
    for (index, value) in values.enumerated() {
      let isInside = rectangle.contains(x: index % width, y: index / width)
      total += value
      positiveTotal += max(0, value)
      if isInside {
        inside += value
        positiveInside += max(0, value)
      }
      if value > strongest?.value ?? -.infinity { strongest = (value, isInside) }
    }
    self.rectangle = rectangle
    (self.inside, self.total) = (inside, total)
    (self.positiveInside, self.positiveTotal) = (positiveInside, positiveTotal)
    area = Double(rectangle.width * rectangle.height) / Double(width * height)
    isHit = strongest?.isInside ?? false
  }
}
