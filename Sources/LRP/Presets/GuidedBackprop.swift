extension Preset {
  /// Guided backpropagation (Springenberg et al. 2015).
  public static let guidedBackprop = Preset(
    name: "guided_backprop", summary: "gradients, cut at ReLUs where they or the unit are negative", options: []
  ) { _ in CompositeMaps(layerMap: [LayerMapEntry(.relu, ReLUGuidedBackprop())]) }
}
