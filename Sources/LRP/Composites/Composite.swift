import NeuralNetwork
import Tensors

/// A module of a network as composites see it: in registration order, with its path and kind.
public struct Module: Hashable, Sendable {
  public let path: String
  public let kind: LayerKind

  public init(path: String, kind: LayerKind) {
    self.path = path
    self.kind = kind
  }
}

/// A rule together with the entry of the map that chose it.
public struct RuleMatch: Sendable {
  public let rule: any Rule
  /// `layer_map: Convolution`, `name_map`, …: why this layer has this rule.
  public let reason: String

  public init(rule: any Rule, reason: String) {
    self.rule = rule
    self.reason = reason
  }
}

extension Network {
  /// The modules in registration order, as composites are asked about them. Where one path stands for layers of several
  /// kinds, each kind is a module of its own, in the order in which they run.
  public var modules: [Module] {
    var kinds: [String: [LayerKind]] = [:]
    for node in nodes where kinds[node.path]?.contains(node.layer.kind) != true {
      kinds[node.path, default: []].append(node.layer.kind)
    }
    return registrationOrder.flatMap { path in (kinds[path] ?? []).map { Module(path: path, kind: $0) } }
  }
}

/// Says, module by module in registration order, which rule applies. Made anew for every assignment, because "the
/// first layer" has to be remembered.
public typealias RuleMapper = (Module) throws -> RuleMatch?

/// Assigns rules to the layers of a network, after canonizing it.
public protocol Composite: Sendable {
  var canonizers: [any Canonizer] { get }
  /// - Throws: if the composite does not fit the network, e.g. names a layer that it does not have.
  func mapper(for network: Network) throws -> RuleMapper
}

extension Composite {
  /// Canonizes the network and assigns a rule to each node.
  public func apply(to network: Network) throws -> Assignment {
    var canonized = network
    for canonizer in canonizers { canonized = try canonizer.apply(to: canonized) }
    return try Assignment(of: mapper(for: canonized), to: canonized)
  }
}

/// A canonized network with the rule of each node; nodes without one use the plain gradient.
public struct Assignment: Sendable {
  public let network: Network
  /// By node index.
  public let matches: [RuleMatch?]

  public init(network: Network, matches: [RuleMatch?]) {
    self.network = network
    self.matches = matches
  }

  /// No rules: the plain gradient.
  public init(gradientOf network: Network) {
    self.init(network: network, matches: [RuleMatch?](repeating: nil, count: network.nodes.count))
  }

  init(of mapper: RuleMapper, to network: Network) throws {
    let rules = try network.modules.reduce(into: [Module: RuleMatch]()) { $0[$1] = try mapper($1) }
    self.init(
      network: network, matches: network.nodes.map { rules[Module(path: $0.path, kind: $0.layer.kind)] })
  }

  /// Checks that every rule can be used where it is, given the shapes of the nodes' outputs.
  /// - Throws: ``LRPError/rule(layer:rule:problem:)`` for the first that cannot.
  public func check(shapes: [Shape]) throws {
    for (index, node) in network.nodes.enumerated() {
      guard let rule = matches[index]?.rule else { continue }
      let inputs = node.inputs.map { shapes[$0] }
      if let problem = rule.objection(to: node.layer, inputs: inputs, output: shapes[index])
        ?? rule.parameterObjection(inputs: inputs, output: shapes[index])
      {
        throw LRPError.rule(layer: node.name, rule: rule.name, problem: problem)
      }
    }
  }
}
