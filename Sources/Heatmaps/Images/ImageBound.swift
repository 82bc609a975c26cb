import Tensors

/// A bound given by hand for ``imgify``: one number, or an array that is repeated along its axes of extent 1.
public enum ImageBound: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// One number for all; the arithmetic is then done in double, as NumPy does it.
  case value(Double)
  /// Aligned at the last axis with the array *after* its channels have been moved to the end, as in `(N, 1, 1, 1)` for one
  /// bound per sample of a grid of `(N, H, W, C)`. The arithmetic is done in float.
  case array(Tensor)

  public init(floatLiteral value: Double) { self = .value(value) }
  public init(integerLiteral value: Int) { self = .value(Double(value)) }
}

/// A bound spread over the elements it is for.
struct SpreadBound {
  let isDouble: Bool
  private let single: Double
  private let each: [Double]

  /// - Throws: ``HeatmapError/argument(name:found:expected:)`` if an array cannot be repeated to `shape`.
  init(_ bound: ImageBound, over shape: Shape, name: String) throws(HeatmapError) {
    switch bound {
    case .value(let value):
      isDouble = true
      single = value
      each = []
    case .array(let tensor):
      let inner = tensor.shape
      let aligned = zip(inner.dimensions.reversed(), shape.dimensions.reversed())
      guard inner.rank <= shape.rank, aligned.allSatisfy({ $0 == $1 || $0 == 1 }) else {
        throw .argument(
          name: name, found: "an array of shape \(inner)", expected: "a number or a shape that repeats to \(shape)")
      }
      isDouble = false
      let elements = tensor.rowMajorElements()
      var spread: [Double] = []
      if elements.count > 1 {
        spread.reserveCapacity(shape.count)
        forEachBroadcastIndex(of: inner, over: shape) { spread.append(Double(elements[$1])) }
      }
      single = Double(elements.first ?? 0)
      each = spread
    }
  }

  @inline(__always)
  subscript(index: Int) -> Double { each.isEmpty ? single : each[index] }
}
