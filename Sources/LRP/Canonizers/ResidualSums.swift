import NeuralNetwork

/// Turns every addition of activations into a ``Sum`` layer that takes a rule, in whatever network: MobileNet,
/// EfficientNet, DenseNet's kin, ONNX graphs. The names stay; the presets then give them `Norm`.
///
/// A plain addition hands its whole relevance to each summand, so that it doubles with every block.
public struct ResidualSums: GraphCanonizer {
  public var name: String { "ResidualSums" }
  public init() {}

  public func isNeeded(by network: Network) -> Bool { network.nodes.contains(where: Self.applies) }

  private static func applies(to node: Node) -> Bool { node.layer.kind == .add && node.inputs.count > 1 }

  public func apply(to network: Network) throws -> Network {
    try AttributeCanonizer { Self.applies(to: $0) ? Sum() : nil }.apply(to: network)
  }
}
