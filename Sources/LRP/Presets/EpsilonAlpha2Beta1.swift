extension Preset {
  /// α2β1 for convolutions, ε for fully connected layers (Lapuschkin et al. 2017).
  public static let epsilonAlpha2Beta1 = Preset(
    name: "epsilon_alpha2_beta1", summary: "AlphaBeta(2, 1) for convolutions, Epsilon for fully connected layers",
    options: ["epsilon", "stabilizer", "zero_params"]
  ) { options in
    let alpha2Beta1 = try AlphaBeta(
      alpha: 2, beta: 1, stabilizer: options.stabilizer, zeroParams: options.zeroParams)
    return CompositeMaps(
      layerMap: .base(stabilizer: options.stabilizer) + [
        LayerMapEntry(.convolution, alpha2Beta1),
        LayerMapEntry(.fullyConnected, Epsilon(epsilon: options.epsilon, zeroParams: options.zeroParams)),
      ])
  }
}
