import LRP
import NeuralNetwork
import Testing

struct PresetTests {
  private static func describe(_ entries: [LayerMapEntry]) -> [String] {
    entries.map { "\($0.types.map(\.name).joined(separator: ",")): \($0.rule.summary)" }
  }

  private static var box: PresetOptions {
    var options = PresetOptions()
    options.low = -2
    options.high = [2, 2.5, 3]
    return options
  }

  private static let base = [
    "Activation: Pass", "Sum,GatedProduct,GatedRecurrence: Norm", "AvgPool: Norm", "BatchNorm: Pass",
  ]

  @Test(
    "what the presets are made of",
    arguments: [
      ("epsilon_plus", [], base + ["Convolution: ZPlus", "FullyConnected: Epsilon"]),
      ("epsilon_plus_flat", ["Linear: Flat"], base + ["Convolution: ZPlus", "FullyConnected: Epsilon"]),
      ("epsilon_alpha2_beta1", [], base + ["Convolution: AlphaBeta", "FullyConnected: Epsilon"]),
      ("epsilon_alpha2_beta1_flat", ["Linear: Flat"], base + ["Convolution: AlphaBeta", "FullyConnected: Epsilon"]),
      (
        "epsilon_gamma_box", ["Convolution: ZBox low=-2 high=[2, 2.5, 3]"],
        base + ["Convolution: Gamma", "FullyConnected: Epsilon"]
      ),
      ("excitation_backprop", [], ["Sum,GatedProduct,GatedRecurrence: Norm", "AvgPool: Norm", "Linear: ZPlus"]),
      ("deconvnet", [], ["ReLU: ReLUDeconvNet"]), ("guided_backprop", [], ["ReLU: ReLUGuidedBackprop"]),
      ("beta_smooth", [], ["ReLU: ReLUBetaSmooth"]),
    ] as [(String, [String], [String])])
  func maps(name: String, first: [String], layers: [String]) throws {
    let maps = try Preset.named(name).maps(Self.box)
    #expect(Self.describe(maps.firstMap) == first)
    #expect(Self.describe(maps.layerMap) == layers)
  }

  @Test("extra maps are consulted first, once", arguments: Preset.all.map(\.name))
  func extraMaps(name: String) throws {
    let own = try Preset.named(name).maps(Self.box)
    var options = Self.box
    options.layerMap = [LayerMapEntry(.maxPool, Norm())]
    options.firstMap = [LayerMapEntry(.fullyConnected, WSquare())]
    let maps = try Preset.named(name).maps(options)
    #expect(Self.describe(maps.layerMap) == ["MaxPool: Norm"] + Self.describe(own.layerMap))
    #expect(Self.describe(maps.firstMap) == ["FullyConnected: WSquare"] + Self.describe(own.firstMap))
    let assignment = try Preset.named(name).composite(options).apply(to: TestNetworks.vgg())
    let pool = try assignment.network.index(ofNode: "features.4")
    #expect(assignment.matches[pool]?.rule.name == "Norm")
    // The first layer that any entry of the first map matches is the only one.
    let firsts = zip(assignment.network.nodes, assignment.matches).filter {
      $0.1?.reason.hasPrefix("first_map") == true
    }
    #expect(firsts.map(\.0.name) == [own.firstMap.isEmpty ? "classifier.0" : "features.0"])
  }

  @Test("options reach the rules they are for", arguments: Preset.all.map(\.name))
  func options(name: String) throws {
    var options = Self.box
    options.epsilon = 0.5
    options.stabilizer = 0.25
    options.gamma = 2
    options.betaSmooth = 3
    options.zeroParams = [.bias]
    let maps = try Preset.named(name).maps(options)
    let expected = [
      "Pass": "Pass", "Norm": "Norm stabilizer=0.25", "ZPlus": "ZPlus stabilizer=0.25 zero_params=[bias]",
      "Epsilon": "Epsilon epsilon=0.5 zero_params=[bias]",
      "AlphaBeta": "AlphaBeta stabilizer=0.25 zero_params=[bias]", "Flat": "Flat stabilizer=0.25 zero_params=[bias]",
      "Gamma": "Gamma gamma=2 stabilizer=0.25 zero_params=[bias]",
      "ZBox": "ZBox low=-2 high=[2, 2.5, 3] stabilizer=0.25 zero_params=[bias]", "ReLUDeconvNet": "ReLUDeconvNet",
      "ReLUGuidedBackprop": "ReLUGuidedBackprop", "ReLUBetaSmooth": "ReLUBetaSmooth beta_smooth=3",
    ]
    for entry in maps.firstMap + maps.layerMap { #expect(entry.rule.summary == expected[entry.rule.name]) }
  }

  @Test("a missing bound and an unknown preset are errors that say what to do")
  func errors() {
    let missing = #expect(throws: LRPError.self) { _ = try Preset.epsilonGammaBox.composite() }
    #expect(missing.map { "\($0)" } == "epsilon_gamma_box needs the parameter 'low'")
    let unknown = #expect(throws: LRPError.self) { _ = try Preset.named("epsilon_plos") }
    #expect(unknown.map { "\($0)".contains("did you mean 'epsilon_plus'?") } == true)
  }
}
