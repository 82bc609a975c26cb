extension Preset {
  /// ReLU gradients smoothed to those of a softplus (Dombrowski et al. 2019).
  public static let betaSmooth = Preset(
    name: "beta_smooth", summary: "gradients, ReLUs smoothed to a softplus", options: ["beta_smooth"]
  ) { options in
    CompositeMaps(layerMap: [LayerMapEntry(.relu, try ReLUBetaSmooth(betaSmooth: options.betaSmooth))])
  }
}
