import Tensors

/// Reproducible numbers.
struct Draw {
  private var numbers: SplitMix64

  init(_ seed: Int) { numbers = SplitMix64(seed: UInt64(truncatingIfNeeded: seed)) }

  /// Uniform in (−1, 1).
  mutating func uniform() -> Float { Float(Double(numbers.next() >> 11) * 0x1p-53 * 2 - 1) }

  mutating func tensor(_ shape: Shape) -> Tensor {
    Tensor(shape, rowMajor: (0..<shape.count).map { _ in uniform() })
  }
}

extension Tensor {
  func dot(_ other: Tensor) -> Double {
    zip(rowMajorElements(), other.rowMajorElements()).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}
