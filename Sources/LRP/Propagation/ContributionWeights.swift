import NeuralNetwork

/// How much an output's positive contributions `P` and its negative ones `N`, each with its part of the bias, weigh in
/// a denominator: `z_k = p·P + n·N`.
///
/// `P` for z⁺ and α, `N` for β, `(1 + γ)P + N` and `P + (1 + γ)N` for Gamma. As `P + N` is the output itself, which is
/// known, any one of these sums gives all others.
struct ContributionWeights: Hashable {
  let positive: Float
  let negative: Float

  /// `P − N`: the layer with `|w|` and `|b|` at `|x|`, whatever the signs.
  static let magnitudes = ContributionWeights(positive: 1, negative: -1)

  private init(positive: Float, negative: Float) { (self.positive, self.negative) = (positive, negative) }

  /// - Returns: `nil` if the group's terms are others, or leave parameters out.
  init?(_ group: TermGroup, of layer: any ParameterizedLayer) {
    guard SplitPass.suits(group, layer), group.terms.allSatisfy({ !$0.parameters.zero.contains(.weight) }),
      layer.bias == nil || !group.terms[0].parameters.zero.contains(.bias)
    else { return nil }
    switch (group.terms[0].parameters.change, group.terms[1].parameters.change) {
    case (.positive, .negative): self.init(positive: 1, negative: 0)
    case (.negative, .positive): self.init(positive: 0, negative: 1)
    case (.gammaPositive(let first), .gammaNegative(let second)) where first == second:
      self.init(positive: 1 + Float(first), negative: 1)
    case (.gammaNegative(let first), .gammaPositive(let second)) where first == second:
      self.init(positive: 1, negative: 1 + Float(first))
    default: return nil
    }
  }

  /// `(a, b)`, so that this sum is `a` times the output and `b` times the sum with `other` weights.
  func factors(from other: ContributionWeights) -> (output: Float, sum: Float)? {
    guard other.positive != other.negative else { return nil }
    let factor = (positive - negative) / (other.positive - other.negative)
    return (positive - factor * other.positive, factor)
  }
}
