import Tensors

/// Reproducible numbers (SplitMix64).
struct Draw {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

  /// Uniform in (−1, 1).
  mutating func uniform() -> Float {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Float(Double((z ^ (z >> 31)) >> 11) / Double(1 << 53) * 2 - 1)
  }

  mutating func tensor(_ shape: Shape) -> Tensor {
    Tensor(shape, rowMajor: (0..<shape.count).map { _ in uniform() })
  }
}

extension Tensor {
  func dot(_ other: Tensor) -> Double {
    zip(rowMajorElements(), other.rowMajorElements()).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}
