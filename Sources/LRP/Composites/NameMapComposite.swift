import NeuralNetwork

/// An entry of a name map: these modules get this rule.
public struct NameMapEntry: Sendable {
  public var names: [String]
  public var rule: any Rule

  public init(_ names: [String], _ rule: any Rule) {
    self.names = names
    self.rule = rule
  }
}

/// Rules by exact module path; the first entry that names the module wins.
public struct NameMapComposite: Composite {
  public var nameMap: [NameMapEntry]
  public var canonizers: [any Canonizer]

  public init(nameMap: [NameMapEntry], canonizers: [any Canonizer] = []) {
    self.nameMap = nameMap
    self.canonizers = canonizers
  }

  /// - Throws: ``NetworkError/unknownLayer(name:network:nearest:)`` for a name that no module has, and
  ///   ``LRPError/noRulePossible(layer:problem:)`` for an operation that is no module.
  public func mapper(for network: Network) throws -> RuleMapper {
    let known = Set(network.registrationOrder)
    var rules: [String: (rule: any Rule, entry: Int)] = [:]
    for (position, entry) in nameMap.enumerated() {
      for name in entry.names {
        guard known.contains(name) else { throw Self.problem(with: name, in: network) }
        if rules[name] == nil { rules[name] = (entry.rule, position + 1) }
      }
    }
    return { module in
      rules[module.path].map { RuleMatch(rule: $0.rule, reason: "name_map: entry \($0.entry)") }
    }
  }

  private static func problem(with name: String, in network: Network) -> any Error {
    guard let node = network.nodes.first(where: { $0.path == name }) else { return network.unknownLayer(name) }
    return LRPError.noRulePossible(
      layer: name,
      problem: "\(node.layer.kind.rawValue) is an operation without a module, so no rule can be assigned to it; "
        + "a canonizer (ResidualSums, or ResNetCanonizer for torchvision's ResNets) turns additions into layers that take "
        + "one")
  }
}
