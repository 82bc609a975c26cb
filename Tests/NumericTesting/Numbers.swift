import Tensors

/// Reproducible numbers.
package struct Draw {
  private var numbers: SplitMix64

  package init(_ seed: Int) { numbers = SplitMix64(seed: UInt64(truncatingIfNeeded: seed)) }

  package mutating func next() -> UInt64 { numbers.next() }

  /// Uniform in (−1, 1).
  package mutating func uniform() -> Float { Float(Double(next() >> 11) * 0x1p-53 * 2 - 1) }

  package mutating func tensor(_ shape: Shape, layout: Tensor.Layout = .channelsLast) -> Tensor {
    Tensor(shape, rowMajor: (0..<shape.count).map { _ in uniform() }, layout: layout)
  }
}

extension Tensor {
  /// Row-major elements in double.
  package var doubles: [Double] { rowMajorElements().map(Double.init) }

  package func dot(_ other: Tensor) -> Double { zip(doubles, other.doubles).reduce(0) { $0 + $1.0 * $1.1 } }
}

/// ‖found − expected‖ / ‖expected‖.
package func relativeError(_ found: Tensor, _ expected: [Double]) -> Double {
  let found = found.doubles
  guard found.count == expected.count else { return .infinity }
  let difference = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  let norm = expected.reduce(0) { $0 + $1 * $1 }
  return norm > 0 ? (difference / norm).squareRoot() : difference.squareRoot()
}

/// All index vectors below `extents`, in row-major order.
package func indices(_ extents: [Int]) -> [[Int]] {
  extents.reduce([[]]) { heads, extent in heads.flatMap { head in (0..<extent).map { head + [$0] } } }
}

/// Position of an index vector in a row-major array.
package func position(_ index: [Int], in shape: Shape) -> Int {
  zip(index, shape.dimensions).reduce(0) { $0 * $1.1 + $1.0 }
}
