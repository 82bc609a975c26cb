import Tensors

/// `s · W` for one row `s`, of which many elements are zero: behind a ReLU, about half of the relevance is, and all but
/// one element of it where one class is explained. The product takes as long as reading W; rows of W that meet a zero
/// are not read.
struct SparseRows {
  private let weight: Tensor
  /// Where the seed is not zero.
  private let rows: [Int]
  private let factors: [Float]

  /// Rows that are added up before the result is touched.
  private static let together = 4
  /// Elements of the result that are worked on at a time.
  private static let piece = 4096

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
    let missing = (Self.together - rows.count % Self.together) % Self.together
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
      // A piece of the result stays in the first cache while all rows pass by.
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.piece) {
        add(
          source.pointer + start, stride: inputs, to: target.pointer + start, min(Self.piece, range.upperBound - start))
      }
    }
    withExtendedLifetime(weight) {}
  }

  private func add(
    _ source: UnsafePointer<Float>, stride inputs: Int, to target: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    for i in 0..<width { target[i] = 0 }
    for start in stride(from: 0, to: rows.count, by: Self.together) {
      let (a, b) = (source + rows[start] &* inputs, source + rows[start + 1] &* inputs)
      let (c, d) = (source + rows[start + 2] &* inputs, source + rows[start + 3] &* inputs)
      let (p, q, r, s) = (factors[start], factors[start + 1], factors[start + 2], factors[start + 3])
      for i in 0..<width { target[i] += (p * a[i] + q * b[i]) + (r * c[i] + s * d[i]) }
    }
  }
}
