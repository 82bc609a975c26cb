import Tensors

/// In which order blocks are flipped.
public enum FlippingOrder: Sendable {
  /// The block with the most relevance first; among equals the one further up and to the left.
  case relevance(Tensor)
  /// Drawn from a seed: what an explanation has to be better than.
  case random(seed: UInt64)

  /// All blocks, the first to be flipped first.
  /// - Throws: ``LRPError/metric(_:)`` for relevance of another shape than the input's, or that is not finite.
  func blocks(_ blocks: PixelBlocks, input: Shape, sample: Int) throws -> [Int] {
    switch self {
    case .random(let seed):
      var generator = SplitMix64(seed: SplitMix64.value(seed: seed, at: UInt64(sample)))
      return (0..<blocks.count).shuffled(using: &generator)
    case .relevance(let relevance):
      guard relevance.shape == input else {
        throw LRPError.metric("relevance of shape \(relevance.shape) found, the input's \(input) expected")
      }
      guard relevance.isFinite else {
        throw LRPError.metric("relevance that is not finite found, which has no order; use a larger stabilizer")
      }
      let sums = blocks.sums(of: relevance, sample: sample)
      return sums.indices.sorted { (sums[$0], $1) > (sums[$1], $0) }
    }
  }
}
