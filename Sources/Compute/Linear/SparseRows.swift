import CKernels
import Tensors

/// `s · W` for one row `s`, of which many elements are zero: behind a ReLU, about half of the relevance is, and all but
/// one element of it where one class is explained. The product takes as long as reading W; rows of W that meet a zero
/// are not read.
struct SparseRows {
  private let weight: Tensor
  /// Where the seed is not zero.
  private let rows: [Int]
  private let factors: [Float]

  /// - Parameters:
  ///   - weight: `(O, I)`, row-major.
  ///   - seed: O elements.
  /// - Returns: `nil` if so few are zero that nothing would be won.
  init?(weight: Tensor, seed: Tensor) {
    let outputs = weight.shape[0]
    let elements = UncheckedPointer(seed.unsafeAddress).pointer
    let rows = (0..<outputs).filter { elements[$0] != 0 }
    guard seed.count == outputs, rows.count <= outputs - outputs / 8 - 1 else { return nil }
    // A multiple of the rows that are read at once: the last ones with a factor of zero.
    let together = Int(lrp_matrix_rows)
    let missing = (together - rows.count % together) % together
    self.rows = rows + [Int](repeating: rows.last ?? 0, count: missing)
    factors = rows.map { elements[$0] } + [Float](repeating: 0, count: missing)
    self.weight = weight
    withExtendedLifetime(seed) {}
  }

  /// Writes the product into I elements.
  func product(to target: UnsafeMutablePointer<Float>) {
    let inputs = weight.shape[1]
    let (source, target) = (UncheckedPointer(weight.unsafeAddress), UncheckedMutablePointer(target))
    parallelFor(inputs, grain: max(1, Parallelism.grain / max(1, rows.count))) { range in
      lrp_add_matrix_rows(
        source.pointer, rows, factors, rows.count, target.pointer, inputs, range.lowerBound, range.upperBound)
    }
    withExtendedLifetime(weight) {}
  }
}
