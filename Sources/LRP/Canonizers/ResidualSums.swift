import NeuralNetwork

/// Turns every addition of activations into a ``Sum`` layer that takes a rule, in whatever network: MobileNet,
/// EfficientNet, DenseNet's kin, ONNX graphs. The names stay; the presets then give them `Norm`. Of two summands the
/// shortcut becomes the first, as in ``ResNetCanonizer``, so that ``SumSingle`` means the same in every network.
///
/// A plain addition hands its whole relevance to each summand, so that it doubles with every block.
public struct ResidualSums: GraphCanonizer {
  public var name: String { "ResidualSums" }
  public init() {}

  public func isNeeded(by network: Network) -> Bool { network.nodes.contains(where: Self.applies) }

  private static func applies(to node: Node) -> Bool { node.layer.kind == .add && node.inputs.count > 1 }

  public func apply(to network: Network) throws -> Network {
    let sums = try AttributeCanonizer { Self.applies(to: $0) ? Sum() : nil }.apply(to: network)
    let depths = network.linearDepths
    let nodes = zip(network.nodes, sums.nodes).map { old, new in
      guard Self.applies(to: old), new.inputs.count == 2 else { return new }
      return Node(
        name: new.name, path: new.path, layer: new.layer, inputs: new.inputs.sorted { depths[$0] < depths[$1] })
    }
    return try Network(
      name: sums.name, nodes: nodes, output: sums.output, registrationOrder: sums.registrationOrder,
      meaning: sums.declaredMeaning)
  }
}
