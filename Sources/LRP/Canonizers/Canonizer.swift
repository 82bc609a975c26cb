import Foundation
import NeuralNetwork

/// Rewrites a network into an equal one on which rules make more sense. Pure: the given network is never changed.
public protocol Canonizer: Sendable {
  /// The reference's class name.
  var name: String { get }
  /// Equal for canonizers that do the same; what caches compare.
  var identity: AnyHashable { get }
  /// - Throws: ``LRPError/canonizer(name:problem:)`` or ``NetworkError`` if it does not fit the network.
  func apply(to network: Network) throws -> Network
}

extension Canonizer {
  public var identity: AnyHashable { AnyHashable(name) }
}

/// Several canonizers, one after the other.
public struct CompositeCanonizer: Canonizer {
  public var canonizers: [any Canonizer]
  public var name: String { canonizers.map(\.name).joined(separator: "+") }

  public var identity: AnyHashable { AnyHashable(canonizers.map(\.identity)) }

  public init(_ canonizers: [any Canonizer]) { self.canonizers = canonizers }

  public func apply(to network: Network) throws -> Network {
    try canonizers.reduce(network) { try $1.apply(to: $0) }
  }
}

/// Replaces the operation of some nodes, chosen by their path and layer.
public struct AttributeCanonizer: Canonizer {
  public var name: String { "AttributeCanonizer" }
  public var identity: AnyHashable { AnyHashable(id) }
  private let id = UUID()
  private let replacement: @Sendable (Node) throws -> (any Layer)?

  /// - Parameter replacement: the new operation for a node, or `nil` to leave it as it is.
  public init(_ replacement: @escaping @Sendable (Node) throws -> (any Layer)?) { self.replacement = replacement }

  public func apply(to network: Network) throws -> Network {
    var layers: [Int: any Layer] = [:]
    for (index, node) in network.nodes.enumerated() where index > 0 {
      if let layer = try replacement(node) { layers[index] = layer }
    }
    return try network.replacing(layers)
  }
}
