import LRP

/// Where the relevance of one layer went: `outgoing = incoming + bias + stabilizer + other`, summed over one sample.
public struct LayerBalance: Hashable, Sendable {
  public var node: Int
  public var name: String
  /// The rule's summary, `nil` for a plain gradient.
  public var rule: String?
  /// Relevance that arrived at the layer's output.
  public var outgoing: Double
  /// Relevance it handed to its inputs.
  public var incoming: Double
  public var bias: Double
  public var stabilizer: Double
  /// Sums of positive and of negative relevance handed to the inputs.
  public var positive: Double
  public var negative: Double
  public var hasNaN: Bool

  public init(
    node: Int, name: String, rule: String?, outgoing: Double, incoming: Double, bias: Double, stabilizer: Double,
    positive: Double, negative: Double, hasNaN: Bool = false
  ) {
    self.node = node
    self.name = name
    self.rule = rule
    self.outgoing = outgoing
    self.incoming = incoming
    self.bias = bias
    self.stabilizer = stabilizer
    self.positive = positive
    self.negative = negative
    self.hasNaN = hasNaN
  }

  /// The first sample of a ledger's entry.
  public init(_ entry: LedgerEntry) {
    self.init(
      node: entry.node, name: entry.name, rule: entry.rule, outgoing: entry.outgoing.first ?? 0,
      incoming: entry.incoming.first ?? 0, bias: entry.bias.first ?? 0, stabilizer: entry.stabilizer.first ?? 0,
      positive: entry.summary.positive, negative: entry.summary.negative, hasNaN: entry.summary.hasNaN)
  }

  /// What neither biases nor the stabilizer explain.
  public var other: Double { outgoing - incoming - bias - stabilizer }
  /// `incoming / outgoing`, `nil` where nothing arrived.
  public var kept: Double? { outgoing == 0 || !outgoing.isFinite ? nil : incoming / outgoing }
}
