import CKernels
import Tensors

/// `first · x + second · y`
package struct WeightedSum: BinaryFunction {
  let first: Float
  let second: Float
  package init(first: Float, second: Float) { (self.first, self.second) = (first, second) }

  @inline(__always)
  package func callAsFunction(_ x: Float, _ y: Float) -> Float { first * x + second * y }

  /// Whether the summands cancel each other but for an eighth of their size, or are not numbers, as `lrp_weighted_sum`
  /// counts them.
  func cancels(_ x: Float, _ y: Float) -> Bool {
    !(abs(self(x, y)) >= (abs(first * x) + abs(second * y)) * 0.125)
  }

  /// Elements that are looked at together.
  fileprivate static let block = 256
}

extension Tensor {
  /// The weighted sum of `self` and `other`.
  package func sum(with other: Tensor, _ function: WeightedSum) -> Tensor { map(with: other, function) }

  /// `(N, C, …)`: the weighted sum of `self` and `other`, or the exact one where its summands cancel.
  /// - Parameters:
  ///   - mask: where it is zero, nobody asks for the sum.
  /// - Returns: `nil` if they cancel at too many places.
  package func sum(
    with other: Tensor, _ function: WeightedSum, where mask: Tensor?, exactly contributions: ContributionSum
  ) -> Tensor? {
    let (plain, other, mask) = (
      converted(to: .channelsLast), other.converted(to: .channelsLast), mask?.converted(to: .channelsLast)
    )
    guard other.shape == shape, mask.map({ $0.shape == shape }) ?? true else { return nil }
    let (x, y) = (UncheckedPointer(plain.unsafeAddress), UncheckedPointer(other.unsafeAddress))
    let reached = mask.map { UncheckedPointer($0.unsafeAddress) }
    let channels = max(1, shape.channels)
    var result = Tensor(uninitialized: shape)
    let target = UncheckedMutablePointer(result.uniqueAddress())
    /// - Returns: how many of a block's sums cancel.
    @Sendable func sums(_ start: Int, _ size: Int) -> Int {
      Int(
        lrp_weighted_sum(
          x.pointer + start, y.pointer + start, reached.map { $0.pointer + start }, function.first, function.second,
          target.pointer + start, Int64(size)))
    }

    // A look at some blocks: adding up one sum takes as long as many by a pass.
    let looks = (0..<16).map { min(max(0, count - 64), $0 * (count / 16)) }
    guard looks.reduce(0, { $0 + sums($1, min(count, 64)) }) <= 16 * 64 / 32 else { return nil }

    parallelFor(count, grain: Parallelism.fineGrain) { range in
      for start in stride(from: range.lowerBound, to: range.upperBound, by: WeightedSum.block) {
        let end = min(start &+ WeightedSum.block, range.upperBound)
        guard sums(start, end &- start) > 0 else { continue }
        for i in start..<end where function.cancels(x.pointer[i], y.pointer[i]) && reached?.pointer[i] != 0 {
          let (position, channel) = i.quotientAndRemainder(dividingBy: channels)
          target.pointer[i] = contributions.sum(position: position, channel: channel)
        }
      }
    }
    withExtendedLifetime((plain, other, mask, contributions, result)) {}
    return result
  }
}
