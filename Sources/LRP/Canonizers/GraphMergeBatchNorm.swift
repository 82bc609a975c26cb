import NeuralNetwork

/// Merges every batch norm that reads a linear layer which nothing else reads, by the graph: the order in which modules
/// were registered, which ``SequentialMergeBatchNorm`` goes by, does not matter. Several in a row, as exporters write
/// `scale` and `shift`, are merged one after the other; so is the scale of a ConvNeXt's block, which follows a fully
/// connected layer whose outputs have been moved to the channels' axis. A batch norm of `(N, C, L)` that reads a fully
/// connected layer along the last axis stays as it is.
public struct GraphMergeBatchNorm: GraphCanonizer {
  public var name: String { "GraphMergeBatchNorm" }
  public init() {}

  public func isNeeded(by network: Network) -> Bool { !Self.merges(in: network).isEmpty }

  public func apply(to network: Network) throws -> Network {
    var layers: [Int: any Layer] = [:]
    for merge in Self.merges(in: network) {
      try MergeBatchNorm.merge(
        linears: [network.nodes[merge.linear].path], into: &layers, batchNorm: network.nodes[merge.norm].path,
        network: network, canonizer: name)
    }
    return try network.replacing(layers)
  }

  /// Batch norms with the linear layer each is merged into, in forward order.
  static func merges(in network: Network) -> [(linear: Int, norm: Int)] {
    let (uses, ranks) = (network.usesOfPaths, network.ranks)
    /// For batch norms that are merged, and for linear layers themselves, the linear layer.
    var roots: [Int: Int] = [:]
    /// Fully connected layers, and what moves their outputs from the last axis to the channels'.
    var lastAxis = Set<Int>()
    var merges: [(linear: Int, norm: Int)] = []
    for (index, node) in network.nodes.enumerated() where uses[node.path] == 1 {
      if LayerType.linear.contains(node.layer.kind), node.layer is any ParameterizedLayer {
        roots[index] = index
        if node.layer is FullyConnected { lastAxis.insert(index) }
      }
      guard let source = node.inputs.first, let linear = roots[source], network.consumers[source].count == 1,
        source != network.output
      else { continue }
      if let move = node.layer as? Transpose, lastAxis.contains(source), move.order.count > 2,
        move.order[1] == move.order.count - 1
      {
        roots[index] = linear
      }
      // With more than two axes the channels are not the last one.
      guard let norm = node.layer as? any BatchNormalizing, !lastAxis.contains(source) || ranks[source] ?? 2 == 2
      else { continue }
      roots[index] = linear
      if !norm.affine.isIdentity { merges.append((linear, index)) }
    }
    return merges
  }
}

extension Network {
  /// How many nodes share each path.
  var usesOfPaths: [String: Int] { nodes.reduce(into: [:]) { $0[$1.path, default: 0] += 1 } }
}
