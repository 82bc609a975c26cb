import NeuralNetwork

/// Merges batch norms into linear layers, both given by module path.
public struct NamedMergeBatchNorm: Canonizer {
  /// One merge: the linear layers that a batch norm is folded into.
  public struct Merge: Hashable, Sendable {
    public var linear: [String]
    public var batchNorm: String

    public init(linear: [String], batchNorm: String) {
      self.linear = linear
      self.batchNorm = batchNorm
    }
  }

  public var nameMap: [Merge]
  public var name: String { "NamedMergeBatchNorm" }
  public var identity: AnyHashable { AnyHashable(nameMap) }

  public init(nameMap: [Merge]) { self.nameMap = nameMap }

  public func apply(to network: Network) throws -> Network {
    var layers: [Int: any Layer] = [:]
    for merge in nameMap {
      try MergeBatchNorm.merge(
        linears: merge.linear, into: &layers, batchNorm: merge.batchNorm, network: network, canonizer: name)
    }
    return try network.replacing(layers)
  }
}
