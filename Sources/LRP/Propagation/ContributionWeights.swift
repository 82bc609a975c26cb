import NeuralNetwork

/// How much an output's positive contributions `P` and its negative ones `N`, each with its part of the bias, weigh in
/// a denominator: `z = p·P + n·N`.
///
/// As `P + N` is the output itself, which is known, any one of these sums gives all others.
struct ContributionWeights: Hashable, Sendable {
  let positive: Float
  let negative: Float

  /// `P − N`: the layer with `|w|` and `|b|` at `|x|`, whatever the signs.
  static let magnitudes = ContributionWeights(positive: 1, negative: -1)

  private init(positive: Float, negative: Float) { (self.positive, self.negative) = (positive, negative) }

  /// - Parameter zero: parameters that the rule leaves out.
  /// - Returns: `nil` if the layer is not linear in its input, or what is left out takes part of `P + N` away.
  init?(_ share: Share, of layer: any Layer, zero: Set<ParameterKey>) {
    guard case .weighed(let positive, let negative) = share.contributions,
      let layer = layer as? any LinearInParameters, !zero.contains(.weight), layer.bias == nil || !zero.contains(.bias)
    else { return nil }
    self.init(positive: Float(positive), negative: Float(negative))
  }

  /// `(a, b)`, so that this sum is `a` times the output and `b` times the sum with `other` weights.
  func factors(from other: ContributionWeights) -> (output: Float, sum: Float)? {
    guard other.positive != other.negative else { return nil }
    let factor = (positive - negative) / (other.positive - other.negative)
    return (positive - factor * other.positive, factor)
  }
}
