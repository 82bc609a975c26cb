/// Sums and extremes of a tensor, accumulated in double.
public struct Summary: Sendable, Equatable {
  public var sum = 0.0
  public var positive = 0.0
  public var negative = 0.0
  public var minimum = Float.infinity
  public var maximum = -Float.infinity
  public var zeros = 0
  public var count = 0
  public var hasNaN = false

  public init() {}
}

extension Tensor {
  /// Sum of all elements in double.
  public func sum() -> Double { withUnsafeBufferPointer { $0.reduce(0.0) { $0 + Double($1) } } }

  /// Per-sample sums in double, `N` of them.
  public func sampleSums() -> [Double] {
    let size = shape.sampleCount
    return withUnsafeBufferPointer { buffer in
      (0..<shape.batch).map { sample in
        buffer[sample * size..<(sample + 1) * size].reduce(0.0) { $0 + Double($1) }
      }
    }
  }

  /// Smallest element, `+∞` if empty; NaN is passed over.
  public func minimum() -> Float { withUnsafeBufferPointer { $0.reduce(.infinity) { $1 < $0 ? $1 : $0 } } }
  /// Largest element, `−∞` if empty; NaN is passed over.
  public func maximum() -> Float { withUnsafeBufferPointer { $0.reduce(-.infinity) { $1 > $0 ? $1 : $0 } } }

  /// All sums and extremes in one pass.
  public func summary() -> Summary {
    var result = Summary()
    withUnsafeBufferPointer { buffer in
      for value in buffer {
        if value > 0 { result.positive += Double(value) } else if value < 0 { result.negative += Double(value) }
        if value == 0 { result.zeros += 1 }
        if value < result.minimum { result.minimum = value }
        if value > result.maximum { result.maximum = value }
        if value.isNaN { result.hasNaN = true }
      }
      result.count = buffer.count
    }
    result.sum = result.hasNaN ? .nan : result.positive + result.negative
    return result
  }
}
