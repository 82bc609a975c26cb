extension Preset {
  /// zᴮ for the first convolution, γ for the others, ε for fully connected layers (Anders et al. 2021).
  public static let epsilonGammaBox = Preset(
    name: "epsilon_gamma_box", summary: "ZBox first, Gamma for convolutions, Epsilon for fully connected layers",
    options: ["low", "high", "epsilon", "gamma", "stabilizer", "zero_params"]
  ) { options in
    guard let low = options.low else { throw LRPError.missingParameter(rule: "epsilon_gamma_box", name: "low") }
    guard let high = options.high else { throw LRPError.missingParameter(rule: "epsilon_gamma_box", name: "high") }
    let box = ZBox(low: low, high: high, stabilizer: options.stabilizer, zeroParams: options.zeroParams)
    let gamma = try Gamma(gamma: options.gamma, stabilizer: options.stabilizer, zeroParams: options.zeroParams)
    return CompositeMaps(
      firstMap: [LayerMapEntry(.convolution, box)],
      layerMap: .base(stabilizer: options.stabilizer) + [
        LayerMapEntry(.convolution, gamma),
        LayerMapEntry(.fullyConnected, Epsilon(epsilon: options.epsilon, zeroParams: options.zeroParams)),
      ])
  }
}
