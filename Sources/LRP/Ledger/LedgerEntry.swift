import NeuralNetwork
import Tensors

/// Where the relevance of one layer went: `ΣR_out = ΣR_in + bias + stabilizer + other`, per sample, in double.
public struct LedgerEntry: Sendable {
  public let node: Int
  public let name: String
  public let kind: LayerKind
  /// The rule's summary, or `nil` for a plain gradient.
  public let rule: String?
  /// Relevance that arrived at the layer's output.
  public let outgoing: [Double]
  /// Relevance it handed to its inputs.
  public let incoming: [Double]
  public let bias: [Double]
  public let stabilizer: [Double]
  /// Sums of positive and negative relevance, extremes and zeros of what was handed to the inputs, over the batch.
  public let summary: Summary
  /// Seconds spent in the rule.
  public let seconds: Double

  /// What neither biases nor the stabilizer explain: gradients, unhooked additions, rows without contributions.
  public var other: [Double] {
    outgoing.indices.map { outgoing[$0] - incoming[$0] - bias[$0] - stabilizer[$0] }
  }

  /// `ΣR_in / ΣR_out` of a sample, `nil` where nothing arrived.
  public func kept(_ sample: Int = 0) -> Double? {
    outgoing[sample] == 0 ? nil : incoming[sample] / outgoing[sample]
  }

  init(
    node index: Int, _ node: Node, rule: String?, relevance: Tensor, propagated: [Tensor], account: LayerAccount,
    seconds: Double
  ) {
    self.node = index
    name = node.name
    kind = node.layer.kind
    self.rule = rule
    outgoing = relevance.sampleSums()
    var incoming = [Double](repeating: 0, count: relevance.shape.batch)
    var summary = Summary()
    for part in propagated {
      // A layer may fold the batch into other axes; what cannot be told apart is put down to the last sample.
      for (sample, sum) in part.sampleSums().enumerated() where !incoming.isEmpty {
        incoming[min(sample, incoming.count - 1)] += sum
      }
      summary.formUnion(part.summary())
    }
    self.incoming = incoming
    self.summary = summary
    bias = account.bias
    stabilizer = account.stabilizer
    self.seconds = seconds
  }
}

extension Summary {
  /// Adds the figures of another tensor.
  mutating func formUnion(_ other: Summary) {
    sum += other.sum
    positive += other.positive
    negative += other.negative
    minimum = Swift.min(minimum, other.minimum)
    maximum = Swift.max(maximum, other.maximum)
    zeros += other.zeros
    count += other.count
    hasNaN = hasNaN || other.hasNaN
  }
}
