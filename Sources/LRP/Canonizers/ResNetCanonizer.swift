import NeuralNetwork

/// The canonizer for torchvision's ResNets: merges batch norms and turns each block's residual addition into a layer,
/// `layerN.M.canonizer_sum`, that takes a rule.
public struct ResNetCanonizer: Canonizer {
  public var name: String { "ResNetCanonizer" }
  public init() {}

  public func apply(to network: Network) throws -> Network {
    let merged = try SequentialMergeBatchNorm().apply(to: network)
    var order = merged.registrationOrder
    let nodes = merged.nodes.map { node in
      guard node.layer.kind == .add, node.inputs.count == 2, let dot = node.path.lastIndex(of: ".") else { return node }
      let block = String(node.path[..<dot])
      let path = block + ".canonizer_sum"
      order.register(path)
      return Node(name: path, path: path, layer: Sum(), inputs: node.inputs)
    }
    return try Network(name: merged.name, nodes: nodes, output: merged.output, registrationOrder: order)
  }
}
