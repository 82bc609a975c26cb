import NeuralNetwork

/// Turns gated products into ``GatedProduct`` layers, which hand all relevance to the signal and none to the gate: the gates of
/// squeeze-and-excitation blocks, and `x · sigmoid(x)` where it is written out. In recurrent layers the gates take nothing
/// in the same way.
///
/// The gate is the factor that a sigmoid, hard sigmoid, softmax or tanh has made, seen through layers that only scale or
/// reshape; if both or neither are, the one that is broadcast. A product of which neither can be told stays as it is.
///
/// Source: Arras et al., "Explaining and interpreting LSTMs", 2019, section 10.3 ("LRP-all").
public struct SignalTakesAll: GraphCanonizer {
  public var name: String { "SignalTakesAll" }
  public init() {}

  public func isNeeded(by network: Network) -> Bool {
    network.nodes.contains { Self.replacement(of: $0, in: network) != nil }
  }

  public func apply(to network: Network) throws -> Network {
    try AttributeCanonizer { node in Self.replacement(of: node, in: network) }.apply(to: network)
  }

  private static func replacement(of node: Node, in network: Network) -> (any Layer)? {
    if var recurrence = node.layer as? Recurrence, !recurrence.gatesAreConstant {
      recurrence.gatesAreConstant = true
      return recurrence
    }
    return signal(of: node, in: network).flatMap { try? GatedProduct(signal: $0) }
  }

  /// Which input of a product is the signal; `nil` if the node is no product or that cannot be told.
  private static func signal(of node: Node, in network: Network) -> Int? {
    guard node.layer.kind == .product, node.inputs.count == 2 else { return nil }
    let gates = node.inputs.map { isGate($0, in: network) }
    if gates[0] != gates[1] { return gates[0] ? 1 : 0 }
    let pooled = node.inputs.map { isPooled($0, in: network) }
    return pooled[0] == pooled[1] ? nil : pooled[0] ? 1 : 0
  }

  private static let squashing: Set<LayerKind> = [
    .sigmoid, .hardsigmoid, .softmax, .tanh, .logSigmoid, .relu6, .hardtanh,
  ]
  private static let transparent: Set<LayerKind> = [
    .identity, .dropout, .reshape, .flatten, .transpose, .expand, .scale, .shift,
  ]

  /// Whether the values come from a squashing function.
  private static func isGate(_ index: Int, in network: Network) -> Bool {
    var index = index
    while true {
      let node = network.nodes[index]
      if squashing.contains(node.layer.kind) { return true }
      guard node.inputs.count == 1, transparent.contains(node.layer.kind) || node.layer is any BatchNormalizing else {
        return false
      }
      index = node.inputs[0]
    }
  }

  /// Whether the values come from a global mean, a number per channel.
  private static func isPooled(_ index: Int, in network: Network) -> Bool {
    var index = index
    while let next = network.nodes[index].inputs.first, network.nodes[index].inputs.count == 1 {
      if LayerType.avgPool.contains(network.nodes[index].layer.kind) { return true }
      index = next
    }
    return false
  }
}
