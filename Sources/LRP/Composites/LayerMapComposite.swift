import NeuralNetwork

/// An entry of a layer map: layers of any of these types get this rule.
public struct LayerMapEntry: Sendable {
  public var types: [LayerType]
  public var rule: any Rule

  public init(_ types: [LayerType], _ rule: any Rule) {
    self.types = types
    self.rule = rule
  }

  public init(_ type: LayerType, _ rule: any Rule) { self.init([type], rule) }

  /// The type that `kind` belongs to, if any.
  func type(matching kind: LayerKind) -> LayerType? { types.first { $0.contains(kind) } }
}

/// Rules by layer type; the first matching entry wins.
public struct LayerMapComposite: Composite {
  public var layerMap: [LayerMapEntry]
  public var canonizers: [any Canonizer]

  public init(layerMap: [LayerMapEntry], canonizers: [any Canonizer] = []) {
    self.layerMap = layerMap
    self.canonizers = canonizers
  }

  public func mapper(for network: Network) -> RuleMapper {
    { module in layerMap.match(module, as: "layer_map") }
  }
}

extension [LayerMapEntry] {
  func match(_ module: Module, as map: String) -> RuleMatch? {
    for entry in self {
      if let type = entry.type(matching: module.kind) {
        return RuleMatch(rule: entry.rule, reason: "\(map): \(type.name)")
      }
    }
    return nil
  }
}
