extension Preset {
  /// ``epsilonAlpha2Beta1`` with the flat rule for the first linear layer (Kohlbrenner et al. 2020).
  public static let epsilonAlpha2Beta1Flat = Preset(
    name: "epsilon_alpha2_beta1_flat", summary: "epsilon_alpha2_beta1 with Flat for the first layer",
    options: ["epsilon", "stabilizer", "zero_params"]
  ) { options in
    CompositeMaps(
      firstMap: .flat(options), layerMap: try epsilonAlpha2Beta1.maps(options.withoutExtraMaps).layerMap)
  }
}
