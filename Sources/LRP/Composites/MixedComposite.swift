import NeuralNetwork

/// Several composites, consulted in order; the first that has a rule for a module wins.
///
/// All of them see every module, so that each keeps its own idea of the first layer, as in the reference.
public struct MixedComposite: Composite {
  public var composites: [any Composite]
  private let ownCanonizers: [any Canonizer]

  public init(composites: [any Composite], canonizers: [any Canonizer] = []) {
    self.composites = composites
    ownCanonizers = canonizers
  }

  /// Its own canonizers, then those of its parts.
  public var canonizers: [any Canonizer] { ownCanonizers + composites.flatMap(\.canonizers) }

  public func mapper(for network: Network) throws -> RuleMapper {
    let mappers = try composites.map { try $0.mapper(for: network) }
    return { module in
      let matches = try mappers.map { try $0(module) }
      return matches.lazy.compactMap { $0 }.first
    }
  }
}

/// Rules by module path first, then by layer type.
public struct NameLayerMapComposite: Composite {
  private let mixed: MixedComposite

  public init(nameMap: [NameMapEntry] = [], layerMap: [LayerMapEntry] = [], canonizers: [any Canonizer] = []) {
    mixed = MixedComposite(
      composites: [NameMapComposite(nameMap: nameMap), LayerMapComposite(layerMap: layerMap)], canonizers: canonizers)
  }

  public var canonizers: [any Canonizer] { mixed.canonizers }
  public func mapper(for network: Network) throws -> RuleMapper { try mixed.mapper(for: network) }
}
