extension Preset {
  /// z⁺ for convolutions, ε for fully connected layers (Montavon et al. 2019, Kohlbrenner et al. 2020).
  public static let epsilonPlus = Preset(
    name: "epsilon_plus", summary: "ZPlus for convolutions, Epsilon for fully connected layers",
    options: ["epsilon", "stabilizer", "zero_params"]
  ) { options in
    CompositeMaps(
      layerMap: .base(stabilizer: options.stabilizer) + [
        LayerMapEntry(.convolution, ZPlus(stabilizer: options.stabilizer, zeroParams: options.zeroParams)),
        LayerMapEntry(.fullyConnected, Epsilon(epsilon: options.epsilon, zeroParams: options.zeroParams)),
      ])
  }
}
