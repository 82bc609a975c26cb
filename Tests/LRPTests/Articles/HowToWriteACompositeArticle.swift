import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

// The code of the article HowToWriteAComposite.md, block for block; ArticleTests compares them.

struct HowToWriteACompositeArticle {
  /// The rule of each node by name.
  private func rules(_ composite: any Composite, _ network: Network) throws -> [String: String] {
    let assignment = try composite.apply(to: network)
    return zip(assignment.network.nodes, assignment.matches).reduce(into: [:]) { rules, pair in
      rules[pair.0.name] = pair.1?.rule.summary
    }
  }

  @Test("composites of one's own")
  func composites() throws {
    let network = try TestNetworks.vgg()

    let byName = NameMapComposite(nameMap: [
      NameMapEntry(["features.0"], ZBox(low: -1, high: 1)),
      NameMapEntry(["features.2", "features.5"], try Gamma(gamma: 0.5)),
    ])
    let byType = LayerMapComposite(
      layerMap: .base() + [LayerMapEntry(.convolution, ZPlus()), LayerMapEntry(.fullyConnected, Epsilon(epsilon: 0.1))])
    let mixed = MixedComposite(composites: [byName, byType], canonizers: [VGGCanonizer()])

    let mixedRules = try rules(mixed, network)
    #expect(mixedRules["features.0"] == "ZBox low=-1 high=1" && mixedRules["features.2"] == "Gamma gamma=0.5")
    #expect(mixedRules["classifier.0"] == "Epsilon epsilon=0.1" && mixedRules["features.1"] == "Pass")

    let flatFirst = SpecialFirstLayerMapComposite(
      layerMap: .base() + [LayerMapEntry(.linear, Epsilon())],
      firstMap: [LayerMapEntry(.linear, Flat())])

    let flatRules = try rules(flatFirst, network)
    #expect(flatRules["features.0"] == "Flat" && flatRules["features.2"] == "Epsilon")

    var options = PresetOptions()
    options.gamma = 0.1
    options.low = [-2.1, -2.0, -1.8]
    options.high = [2.2, 2.4, 2.6]
    options.zeroParams = [.bias]
    options.layerMap = [LayerMapEntry(.maxPool, Norm())]
    options.canonizers = [ResNetCanonizer()]
    let preset = try Preset.epsilonGammaBox.composite(options)

    let presetRules = try rules(preset, network)
    #expect(presetRules["features.0"] == "ZBox low=[-2.1, -2, -1.8] high=[2.2, 2.4, 2.6] zero_params=[bias]")
    #expect(presetRules["features.2"] == "Gamma gamma=0.1 zero_params=[bias]" && presetRules["features.4"] == "Norm")

    let reluOnly = FunctionComposite { module in module.kind == .relu ? try ReLUBetaSmooth(betaSmooth: 5) : nil }

    #expect(try rules(reluOnly, network).values.allSatisfy { $0 == "ReLUBetaSmooth beta_smooth=5" })
    #expect(try rules(reluOnly, network).count == 4)

    let fading = FunctionComposite(canonizers: [VGGCanonizer()]) { network in
      let base = LayerMapComposite(layerMap: .base()).mapper(for: network)
      var depth = 0.0
      return { module in
        guard LayerType.linear.contains(module.kind) else { return try base(module) }
        defer { depth += 1 }
        return RuleMatch(rule: try Gamma(gamma: 1 / (1 + depth)), reason: "fading: linear layer \(Int(depth))")
      }
    }

    for _ in 0..<2 {
      let fadingRules = try rules(fading, network)
      #expect(fadingRules["features.0"] == "Gamma gamma=1" && fadingRules["features.2"] == "Gamma gamma=0.5")
      #expect(fadingRules["classifier.0"] == "Gamma" && fadingRules["avgpool"] == "Norm")
    }

    let assignment = try fading.apply(to: network)
    for (node, match) in zip(assignment.network.nodes, assignment.matches) {
      print(node.name, match?.rule.summary ?? "gradient", match?.reason ?? "")
    }

    #expect(assignment.matches[1]?.reason == "fading: linear layer 0")
  }
}
