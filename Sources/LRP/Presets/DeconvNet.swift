extension Preset {
  /// DeconvNet (Zeiler and Fergus 2014).
  public static let deconvNet = Preset(
    name: "deconvnet", summary: "gradients, negative ones cut at every ReLU", options: []
  ) { _ in CompositeMaps(layerMap: [LayerMapEntry(.relu, ReLUDeconvNet())]) }
}
