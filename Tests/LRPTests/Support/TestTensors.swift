import Tensors

extension Tensor {
  /// Uniform numbers in [-scale, scale) + offset, the same for the same seed.
  static func random(
    _ shape: Shape, seed: UInt64, scale: Float = 1, offset: Float = 0, layout: Layout = .channelsLast
  ) -> Tensor {
    let elements = (0..<shape.count).map { index in
      Float(2 * SplitMix64.uniform(seed: seed, at: UInt64(index)) - 1) * scale + offset
    }
    return Tensor(shape, rowMajor: elements, layout: layout)
  }

  /// Whether shape and every bit agree.
  func isIdentical(to other: Tensor) -> Bool {
    shape == other.shape && rowMajorElements().map(\.bitPattern) == other.rowMajorElements().map(\.bitPattern)
  }

  /// The largest difference, relative to the largest element of `other`.
  func deviation(from other: Tensor) -> Float {
    guard shape == other.shape else { return .infinity }
    let size = other.rowMajorElements().reduce(0) { max($0, abs($1)) }
    let gap = zip(rowMajorElements(), other.rowMajorElements()).reduce(Float(0)) { worst, pair in
      let gap = abs(pair.0 - pair.1)
      return gap.isNaN ? .infinity : max(worst, gap)
    }
    return size == 0 ? gap : gap / size
  }
}
