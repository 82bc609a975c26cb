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

/// Replaces the operation of some nodes, chosen by their path and layer. Operations without a module (a plain addition)
/// that become layers are registered as the last module of their parent.
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
    var order = network.registrationOrder
    for (index, layer) in layers.sorted(by: { $0.key < $1.key }) where !layer.traits.isFunctional {
      order.register(network.nodes[index].path)
    }
    let replaced = try network.replacing(layers)
    return try Network(
      name: replaced.name, nodes: replaced.nodes, output: replaced.output, registrationOrder: order,
      meaning: replaced.declaredMeaning)
  }
}

extension [String] {
  /// Adds a module path to an order of registration, after the others of its parent.
  mutating func register(_ path: String) {
    if contains(path) { return }
    let parent = path.lastIndex(of: ".").map { path[...$0] } ?? ""
    let place = lastIndex { parent.isEmpty || $0.hasPrefix(parent) }
    insert(path, at: place.map { $0 + 1 } ?? endIndex)
  }
}
