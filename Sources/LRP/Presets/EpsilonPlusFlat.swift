extension Preset {
  /// ``epsilonPlus`` with the flat rule for the first linear layer (Kohlbrenner et al. 2020).
  public static let epsilonPlusFlat = Preset(
    name: "epsilon_plus_flat", summary: "epsilon_plus with Flat for the first layer",
    options: ["epsilon", "stabilizer", "zero_params"]
  ) { options in
    CompositeMaps(firstMap: .flat(options), layerMap: try epsilonPlus.maps(options.withoutExtraMaps).layerMap)
  }
}

extension [LayerMapEntry] {
  static func flat(_ options: PresetOptions) -> [LayerMapEntry] {
    [LayerMapEntry(.linear, Flat(stabilizer: options.stabilizer, zeroParams: options.zeroParams))]
  }
}

extension PresetOptions {
  /// For presets built on others: the extra entries are added once, by the outer one.
  var withoutExtraMaps: PresetOptions {
    var copy = self
    copy.layerMap = []
    copy.firstMap = []
    return copy
  }
}
