import NeuralNetwork

/// Rules by layer type, with a map of its own for the first layer that it matches, in registration order.
public struct SpecialFirstLayerMapComposite: Composite {
  public var layerMap: [LayerMapEntry]
  public var firstMap: [LayerMapEntry]
  public var canonizers: [any Canonizer]

  public init(layerMap: [LayerMapEntry], firstMap: [LayerMapEntry], canonizers: [any Canonizer] = []) {
    self.layerMap = layerMap
    self.firstMap = firstMap
    self.canonizers = canonizers
  }

  public func mapper(for network: Network) -> RuleMapper {
    var firstLayerVisited = false
    return { module in
      if !firstLayerVisited, let match = firstMap.match(module, as: "first_map") {
        firstLayerVisited = true
        return match
      }
      return layerMap.match(module, as: "layer_map")
    }
  }
}
