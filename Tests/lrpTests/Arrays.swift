import Foundation
import Tensors

/// Arrays for the program to explain, and how far results are apart.
enum Arrays {
  /// Uniform in [-1, 1), from a counter.
  static func random(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    Tensor(shape, rowMajor: (0..<shape.count).map { Float(2 * SplitMix64.uniform(seed: seed, at: UInt64($0)) - 1) })
  }

  /// Relative L2 distance, in double.
  static func distance(_ found: Tensor, _ expected: Tensor) -> Double {
    guard found.shape == expected.shape else { return .infinity }
    let pairs = zip(found.rowMajorElements(), expected.rowMajorElements())
    let (difference, norm) = pairs.reduce((0.0, 0.0)) { sums, pair in
      let (a, b) = (Double(pair.0), Double(pair.1))
      return (sums.0 + (a - b) * (a - b), sums.1 + b * b)
    }
    return (difference / max(norm, .leastNormalMagnitude)).squareRoot()
  }
}
