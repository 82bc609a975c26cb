import NeuralNetwork

/// Merges every batch norm whose preceding leaf, in registration order, is a linear layer.
public struct SequentialMergeBatchNorm: Canonizer {
  public var name: String { "SequentialMergeBatchNorm" }
  public init() {}

  public func apply(to network: Network) throws -> Network {
    var layers: [Int: any Layer] = [:]
    var kinds: [String: LayerKind] = [:]
    for node in network.nodes { kinds[node.path] = node.layer.kind }
    for (linear, norm) in zip(network.registrationOrder, network.registrationOrder.dropFirst()) {
      guard let linearKind = kinds[linear], let normKind = kinds[norm],
        LayerType.linear.contains(linearKind), LayerType.batchNorm.contains(normKind)
      else { continue }
      try MergeBatchNorm.merge(linears: [linear], into: &layers, batchNorm: norm, network: network, canonizer: name)
    }
    return try network.replacing(layers)
  }
}

/// The canonizer for torchvision's VGG models, which is ``SequentialMergeBatchNorm``.
public struct VGGCanonizer: Canonizer {
  public var name: String { "VGGCanonizer" }
  public init() {}
  public func apply(to network: Network) throws -> Network { try SequentialMergeBatchNorm().apply(to: network) }
}
