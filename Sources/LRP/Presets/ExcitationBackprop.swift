extension Preset {
  /// Excitation backpropagation (Zhang et al. 2016): z⁺ for every linear layer.
  public static let excitationBackprop = Preset(
    name: "excitation_backprop", summary: "ZPlus for every linear layer, gradients through activations",
    options: ["stabilizer", "zero_params"]
  ) { options in
    CompositeMaps(layerMap: [
      LayerMapEntry([.sum, .gatedProduct, .gatedRecurrence], Norm(stabilizer: options.stabilizer)),
      LayerMapEntry(.avgPool, Norm(stabilizer: options.stabilizer)),
      LayerMapEntry(.linear, ZPlus(stabilizer: options.stabilizer, zeroParams: options.zeroParams)),
    ])
  }
}
