import NeuralNetwork

/// The canonizer for torchvision's ResNets: merges batch norms and turns each block's residual addition into a layer,
/// `layerN.M.canonizer_sum`, that takes a rule. The shortcut becomes its first summand, as in the reference.
public struct ResNetCanonizer: Canonizer {
  public var name: String { "ResNetCanonizer" }
  public init() {}

  public func apply(to network: Network) throws -> Network {
    let merged = try SequentialMergeBatchNorm().apply(to: network)
    var order = merged.registrationOrder
    let depths = merged.linearDepths
    let nodes = merged.nodes.map { node in
      guard node.layer.kind == .add, node.inputs.count == 2, let dot = node.path.lastIndex(of: ".") else { return node }
      let block = String(node.path[..<dot])
      let path = block + ".canonizer_sum"
      order.register(path)
      return Node(name: path, path: path, layer: Sum(), inputs: node.inputs.sorted { depths[$0] < depths[$1] })
    }
    return try Network(name: merged.name, nodes: nodes, output: merged.output, registrationOrder: order)
  }
}

extension Network {
  /// Linear layers on the longest way from the input to each node: a shortcut has fewer than what it passes by.
  var linearDepths: [Int] {
    nodes.reduce(into: []) { depths, node in
      let longest = node.inputs.map { depths[$0] }.max() ?? 0
      depths.append(longest + (LayerType.linear.contains(node.layer.kind) ? 1 : 0))
    }
  }
}
