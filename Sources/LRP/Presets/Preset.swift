import NeuralNetwork

/// What may be set on a preset. Each uses what concerns it.
public struct PresetOptions: Sendable {
  public var epsilon: Stabilizer = 1e-6
  public var stabilizer: Stabilizer = 1e-6
  public var gamma = 0.25
  public var betaSmooth = 10.0
  /// Lowest and highest pixel value, for the zᴮ rule.
  public var low: Bound?
  public var high: Bound?
  public var zeroParams: Set<ParameterKey> = []
  /// Consulted before the preset's own maps.
  public var layerMap: [LayerMapEntry] = []
  public var firstMap: [LayerMapEntry] = []
  public var canonizers: [any Canonizer] = []

  public init() {}
}

/// The maps of a composite as plain data, so that a preset can be shown, edited and saved.
public struct CompositeMaps: Sendable {
  public var firstMap: [LayerMapEntry]
  public var layerMap: [LayerMapEntry]

  public init(firstMap: [LayerMapEntry] = [], layerMap: [LayerMapEntry]) {
    self.firstMap = firstMap
    self.layerMap = layerMap
  }
}

/// A composite known by name.
public struct Preset: Sendable {
  /// The reference's name: `epsilon_plus`.
  public let name: String
  public let summary: String
  /// Which of ``PresetOptions`` it looks at, by their names in the reference.
  public let options: [String]
  /// The preset's own maps.
  private let ownMaps: @Sendable (PresetOptions) throws -> CompositeMaps

  init(
    name: String, summary: String, options: [String],
    maps: @escaping @Sendable (PresetOptions) throws -> CompositeMaps
  ) {
    self.name = name
    self.summary = summary
    self.options = options
    ownMaps = maps
  }

  /// The preset's own maps, preceded by the extra entries in the options.
  public func maps(_ options: PresetOptions = PresetOptions()) throws -> CompositeMaps {
    let own = try ownMaps(options)
    return CompositeMaps(firstMap: options.firstMap + own.firstMap, layerMap: options.layerMap + own.layerMap)
  }

  /// The preset as a composite.
  /// - Throws: ``LRPError/missingParameter(rule:name:)`` if it needs pixel bounds that are not given.
  public func composite(_ options: PresetOptions = PresetOptions()) throws -> any Composite {
    let maps = try maps(options)
    if maps.firstMap.isEmpty { return LayerMapComposite(layerMap: maps.layerMap, canonizers: options.canonizers) }
    return SpecialFirstLayerMapComposite(
      layerMap: maps.layerMap, firstMap: maps.firstMap, canonizers: options.canonizers)
  }

  public static let all: [Preset] = [
    .epsilonPlus, .epsilonPlusFlat, .epsilonAlpha2Beta1, .epsilonAlpha2Beta1Flat, .epsilonGammaBox,
    .excitationBackprop, .deconvNet, .guidedBackprop, .betaSmooth,
  ]

  /// - Throws: ``LRPError/unknownComposite(name:nearest:)`` with the nearest spelling.
  public static func named(_ name: String) throws -> Preset {
    if let preset = all.first(where: { $0.name == name }) { return preset }
    throw LRPError.unknownComposite(name: name, nearest: Spelling.nearest(to: name, among: all.map(\.name)))
  }
}
