import NeuralNetwork

/// The canonizer for torchvision's ResNets: merges batch norms and turns each block's residual addition into a layer,
/// `layerN.M.canonizer_sum`, that takes a rule. The shortcut becomes its first summand, as in the reference.
///
/// Additions elsewhere stay as they are, as in the reference: ``ResidualSums`` is for those.
public struct ResNetCanonizer: Canonizer {
  public var name: String { "ResNetCanonizer" }
  public init() {}

  public func apply(to network: Network) throws -> Network {
    let merged = try SequentialMergeBatchNorm().apply(to: network)
    return try merged.namingSums(of: ResidualBlock.allCases)
  }

  /// Whether the network has blocks whose additions the canonizer turns into layers.
  public static func hasBlocks(in network: Network) -> Bool {
    !network.residualAdditions(of: ResidualBlock.allCases).isEmpty
  }
}

/// The part of ``ResNetCanonizer`` that is for the blocks of ResNet18 and ResNet34. Merges nothing.
public struct ResNetBasicBlockCanonizer: Canonizer {
  public var name: String { "ResNetBasicBlockCanonizer" }
  public init() {}
  public func apply(to network: Network) throws -> Network { try network.namingSums(of: [.basic]) }
}

/// The part of ``ResNetCanonizer`` that is for the blocks of ResNet50 and larger ones. Merges nothing.
public struct ResNetBottleneckCanonizer: Canonizer {
  public var name: String { "ResNetBottleneckCanonizer" }
  public init() {}
  public func apply(to network: Network) throws -> Network { try network.namingSums(of: [.bottleneck]) }
}

/// torchvision's classes of residual blocks, which the reference's canonizers are for.
private enum ResidualBlock: CaseIterable {
  /// `BasicBlock`: the convolutions `conv1` and `conv2`.
  case basic
  /// `Bottleneck`: also `conv3`.
  case bottleneck
}

extension Network {
  /// Additions of two summands in a module whose convolutions are called as in torchvision's classes, and that hands the
  /// sum to its `relu`, whatever stands there, as they do; by node index the module's path.
  fileprivate func residualAdditions(of blocks: [ResidualBlock]) -> [Int: String] {
    var convolutions = Set<String>()
    for node in nodes where LayerType.convolution.contains(node.layer.kind) { convolutions.insert(node.path) }
    var found: [Int: String] = [:]
    for (index, node) in nodes.enumerated() {
      guard node.layer.kind == .add, node.inputs.count == 2, let dot = node.path.lastIndex(of: "."),
        let reader = consumers[index].first, consumers[index].count == 1
      else { continue }
      let path = String(node.path[..<dot])
      guard nodes[reader].path == path + ".relu", LayerType.activation.contains(nodes[reader].layer.kind),
        convolutions.contains(path + ".conv1"), convolutions.contains(path + ".conv2"),
        blocks.contains(convolutions.contains(path + ".conv3") ? .bottleneck : .basic)
      else { continue }
      found[index] = path
    }
    return found
  }

  fileprivate func namingSums(of blocks: [ResidualBlock]) throws -> Network {
    let additions = residualAdditions(of: blocks)
    var order = registrationOrder
    var uses: [String: Int] = [:]
    let depths = linearDepths
    let nodes = nodes.enumerated().map { index, node in
      guard let block = additions[index] else { return node }
      let path = block + ".canonizer_sum"
      order.register(path)
      uses[path, default: 0] += 1
      let name = uses[path].map { $0 == 1 ? path : "\(path)#\($0)" } ?? path
      return Node(name: name, path: path, layer: Sum(), inputs: node.inputs.sorted { depths[$0] < depths[$1] })
    }
    return try Network(
      name: name, nodes: nodes, output: output, registrationOrder: order, meaning: declaredMeaning)
  }

  /// Linear layers on the longest way from the input to each node: a shortcut has fewer than what it passes by.
  var linearDepths: [Int] {
    nodes.reduce(into: []) { depths, node in
      let longest = node.inputs.map { depths[$0] }.max() ?? 0
      depths.append(longest + (LayerType.linear.contains(node.layer.kind) ? 1 : 0))
    }
  }
}
