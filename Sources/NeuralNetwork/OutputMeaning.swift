import Foundation

/// What the numbers at a network's output mean: what may be said of them in per cent, and how.
///
/// Raw values are the words of model cards.
public enum OutputMeaning: String, Hashable, Sendable, CaseIterable {
  /// A score for each of several classes that exclude one another; a softmax makes probabilities of them.
  case logits
  /// What comes out of a softmax.
  case probabilities
  /// Logarithms of that.
  case logProbabilities = "log_probabilities"
  /// Scores of which a sigmoid makes the probability of each class by itself.
  case binaryLogits = "binary_logits"
  /// What comes out of sigmoids: of one for two classes, or of one for each of several labels.
  case binaryProbabilities = "binary_probabilities"
  /// Numbers that are nobody's probability: a regression, a distance, an embedding.
  case scores

  /// The probability that each number of one sample's output stands for, 0…1; `nil` if they stand for none.
  ///
  /// A single number cannot be told from a regression by a graph that does not end in a sigmoid, and the softmax of one
  /// number is always 1. So a single logit has no probability, unless it is said to be binary.
  public func probabilities(of row: [Float]) -> [Double]? {
    switch self {
    case .logits:
      guard row.count > 1 else { return nil }
      // Shifted so that nothing overflows.
      let largest = Double(row.max() ?? 0)
      let powers = row.map { exp(Double($0) - largest) }
      let sum = powers.reduce(0, +)
      return powers.map { sum > 0 ? $0 / sum : .nan }
    case .probabilities, .binaryProbabilities: return row.map(Double.init)
    case .logProbabilities: return row.map { exp(Double($0)) }
    case .binaryLogits: return row.map { 1 / (1 + exp(-Double($0))) }
    case .scores: return nil
    }
  }

  /// What is there before the softmax or sigmoid that makes these numbers.
  public var beforeActivation: OutputMeaning {
    switch self {
    case .probabilities, .logProbabilities: .logits
    case .binaryProbabilities: .binaryLogits
    case .logits, .binaryLogits, .scores: self
    }
  }
}

extension Network {
  /// The node whose layer says what the output means: the last one that changes numbers, or the softmax or sigmoid whose
  /// numbers are only clipped behind it.
  public var lastActivation: Int {
    var index = output
    var clipping: Int?
    while let source = nodes[index].inputs.first {
      let kind = nodes[index].layer.kind
      guard kind == .hardtanh || [.identity, .dropout, .flatten, .reshape].contains(kind) else { break }
      if kind == .hardtanh { clipping = clipping ?? index }
      index = source
    }
    return [.softmax, .logSoftmax, .sigmoid].contains(nodes[index].layer.kind) ? index : clipping ?? index
  }

  /// What the output means: as it was declared, else as the end of the graph says.
  public var outputMeaning: OutputMeaning {
    if let declaredMeaning { return declaredMeaning }
    switch nodes[lastActivation].layer.kind {
    case .softmax: return .probabilities
    case .logSoftmax: return .logProbabilities
    case .sigmoid, .hardsigmoid: return .binaryProbabilities
    // No classifier trained with a softmax or a sigmoid behind it ends like this.
    case .tanh, .hardtanh, .softsign, .softplus: return .scores
    default: return .logits
    }
  }
}
