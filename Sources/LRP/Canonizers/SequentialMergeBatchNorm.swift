import NeuralNetwork

/// Merges every batch norm whose preceding leaf, in registration order, is a linear layer. A batch norm of `(N, C, L)` that
/// reads a fully connected layer, which makes another axis, stays as it is.
public struct SequentialMergeBatchNorm: Canonizer {
  public var name: String { "SequentialMergeBatchNorm" }
  public init() {}

  public func apply(to network: Network) throws -> Network {
    var layers: [Int: any Layer] = [:]
    var indices: [String: [Int]] = [:]
    for (index, node) in network.nodes.enumerated() { indices[node.path, default: []].append(index) }
    func nodes(_ path: String, _ type: LayerType) -> [Int]? {
      let found = (indices[path] ?? []).filter { type.contains(network.nodes[$0].layer.kind) }
      return found.isEmpty ? nil : found
    }
    for (linear, norm) in zip(network.registrationOrder, network.registrationOrder.dropFirst()) {
      guard let linears = nodes(linear, .linear), let norms = nodes(norm, .batchNorm),
        network.axesBetween(linears, norms) == nil
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
