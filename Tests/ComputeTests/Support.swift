import Tensors
import Testing

/// Reproducible numbers (SplitMix64).
struct Draw {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in (−1, 1).
  mutating func uniform() -> Float { Float(Double(next() >> 11) / Double(1 << 53) * 2 - 1) }

  mutating func tensor(_ shape: Shape, layout: Tensor.Layout = .channelsLast) -> Tensor {
    Tensor(shape, rowMajor: (0..<shape.count).map { _ in uniform() }, layout: layout)
  }
}

extension Tensor {
  /// Row-major elements in double.
  var doubles: [Double] { rowMajorElements().map(Double.init) }

  func dot(_ other: Tensor) -> Double { zip(doubles, other.doubles).reduce(0) { $0 + $1.0 * $1.1 } }
}

/// ‖found − expected‖ / ‖expected‖.
func relativeError(_ found: Tensor, _ expected: [Double]) -> Double {
  let found = found.doubles
  guard found.count == expected.count else { return .infinity }
  let difference = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  let norm = expected.reduce(0) { $0 + $1 * $1 }
  return norm > 0 ? (difference / norm).squareRoot() : difference.squareRoot()
}

/// All index vectors below `extents`, in row-major order.
func indices(_ extents: [Int]) -> [[Int]] {
  extents.reduce([[]]) { heads, extent in heads.flatMap { head in (0..<extent).map { head + [$0] } } }
}

/// Position of an index vector in a row-major array.
func position(_ index: [Int], in shape: Shape) -> Int {
  zip(index, shape.dimensions).reduce(0) { $0 * $1.1 + $1.0 }
}
