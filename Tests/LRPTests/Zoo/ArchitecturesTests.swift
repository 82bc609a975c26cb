import LRP
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

/// Explanations of every family of networks.
struct ArchitecturesTests {
  private static let names = [
    "alexnet", "squeezenet1_1", "googlenet", "inception_v3", "densenet121", "resnext50_32x4d", "mobilenet_v2",
    "mobilenet_v3_small", "mnasnet0_5", "shufflenet_v2_x0_5", "efficientnet_b0", "convnext_tiny",
  ]

  /// With the canonizers that the model's card names, no batch norm, addition or gate is left as it was, and relevance is
  /// finite and reaches the picture.
  @Test(arguments: names)
  func explanations(_ name: String) throws {
    let model = try ModelZoo.load(name, classes: 10, seed: 11)
    let input = input(of: name)
    var options = PresetOptions()
    options.canonizers = try CanonizerCatalog.make(model.card.defaultCanonizers, for: model.network)
    let canonized = try CompositeCanonizer(options.canonizers).apply(to: model.network)
    #expect(CanonizerCatalog.needed(by: canonized).isEmpty)
    #expect(!canonized.nodes.contains { [.add, .product].contains($0.layer.kind) })
    options.low = .scalar(-1)
    options.high = .scalar(1)
    for preset in ["epsilon_plus", "epsilon_gamma_box"] {
      let composite = try Preset.named(preset).composite(options)
      let result = try Gradient(model.network, composite: composite).attribute(input, .logit(.top1))
      #expect(result.relevance.isFinite, "\(preset)")
      #expect(result.relevance.rowMajorElements().contains { $0 != 0 }, "\(preset)")
    }
  }

  private func input(of name: String) -> Tensor {
    let side = name == "inception_v3" ? 96 : 64
    let uniform = SeededParameters(seed: 11).uniform("input", [1, 3, side, side]).rowMajorElements()
    return Tensor([1, 3, side, side], rowMajor: uniform.map { 2 * $0 - 1 })
  }

  /// A copy in which nothing is added anywhere: relevance has nowhere to go but the picture.
  private func withoutBiases(_ network: Network) throws -> Network {
    var layers: [Int: any Layer] = [:]
    for (index, node) in network.nodes.enumerated() {
      if let norm = node.layer as? BatchNorm {
        layers[index] = try BatchNorm(
          weight: norm.weight, bias: nil, mean: .zeros(norm.runningMean.shape), variance: norm.runningVariance,
          epsilon: norm.epsilon, kind: norm.kind)
      } else if let layer = node.layer as? any ParameterizedLayer, let bias = layer.bias {
        layers[index] = layer.replacing(weight: layer.weight, bias: .zeros(bias.shape))
      }
    }
    return try network.replacing(layers)
  }

  /// All but ConvNeXt, whose layer norms no rule conserves.
  @Test(
    "on bias-free copies all relevance reaches the picture",
    arguments: names.filter { $0 != "convnext_tiny" } + ["resnet18"])
  func conservation(_ name: String) throws {
    let model = try ModelZoo.load(name, classes: 10, seed: 11)
    let network = try withoutBiases(model.network)
    let composite = LayerMapComposite(
      layerMap: .base(stabilizer: 1e-9) + [LayerMapEntry(.linear, Epsilon(epsilon: 1e-9))],
      canonizers: CanonizerCatalog.needed(by: network))
    let result = try Gradient(network, composite: composite).attribute(input(of: name), .one(.top1))
    // Parts of either sign are many times their sum; single precision is that of the parts.
    let summary = result.relevance.summary()
    let bound = 1e-4 * max(1, summary.positive - summary.negative)
    #expect(abs(result.relevance.sum() - 1) < bound, "\(name): \(result.relevance.sum()), bound \(bound)")
  }

  /// Under ZPlus relevance is lost in one way only: where it arrives at an output to which nothing contributes positively,
  /// so that there is nothing to share it out by. `z⁺` is 0 there, and `R · ε/(z⁺ + ε)` all of `R`: the ledger counts it as
  /// the stabilizer's.
  ///
  /// Behind a ReLU no relevance arrives there, as that output is not positive. It does arrive where nothing cuts off
  /// negative outputs, behind a convolution with nothing after it or with a hard swish or SiLU, and where an output has few
  /// products, most of them 0: depthwise convolutions, and small ones of 1×1. Of relevance 1 with these seeds 0.71 is lost
  /// in ShuffleNet's depthwise convolutions, 0.16 in EfficientNet-B0's, 0.024 in MobileNetV3's and in a 1×1 of 16
  /// channels, 0.011 in MNASNet's bottlenecks of 16 and 24; in the others, with ReLUs or hundreds of products, nothing.
  @Test(
    "under ZPlus only outputs without positive contributions lose relevance",
    arguments: names.filter { $0 != "convnext_tiny" } + ["resnet18"])
  func lossesOfZPlus(_ name: String) throws {
    let epsilon = 1e-9
    var network = try withoutBiases(ModelZoo.load(name, classes: 10, seed: 11).network)
    network = try CompositeCanonizer(CanonizerCatalog.needed(by: network)).apply(to: network)
    let composite = LayerMapComposite(
      layerMap: .base(stabilizer: Stabilizer(epsilon))
        + [LayerMapEntry(.linear, ZPlus(stabilizer: Stabilizer(epsilon)))])
    var gradient = try Gradient(network, composite: composite)
    gradient.keepsNodeRelevance = true
    gradient.keepsLedger = true
    let input = input(of: name)
    let result = try gradient.attribute(input, .one(.top1))
    let activations = try network.forward(input)
    var lost = 0.0
    for entry in try #require(result.ledger).entries {
      let node = network.nodes[entry.node]
      let relevance = try #require(result.nodeRelevance[entry.node])
      let part = relevance.summary()
      let bound = 1e-5 * max(1e-3, part.positive - part.negative)
      #expect(entry.bias == [0], "\(name), \(entry.name)")
      #expect(abs(entry.other[0]) < bound, "\(name), \(entry.name): \(entry.other[0]), bound \(bound)")
      let shares: Tensor
      if let layer = node.layer as? any ParameterizedLayer, LayerType.linear.contains(layer.kind) {
        let inputs = node.inputs.map { activations[$0] }
        let weights = [layer.weight.positivePart, layer.weight.negativePart]
        let parts = try zip(weights, [inputs[0].positivePart, inputs[0].negativePart]).map { weight, input in
          try layer.replacing(weight: weight, bias: nil).forward([input])
        }
        shares = parts[0] + parts[1]
      } else if entry.rule != nil, entry.stabilizer != [0] {
        shares = activations[entry.node]
      } else {
        continue
      }
      let expected = zip(shares.rowMajorElements(), relevance.rowMajorElements()).reduce(0.0) {
        $0 + Double($1.1) * epsilon / (abs(Double($1.0)) + epsilon)
      }
      #expect(
        abs(entry.stabilizer[0] - expected) < bound, "\(name), \(entry.name): \(entry.stabilizer[0]), \(expected)")
      lost += expected
    }
    let summary = result.relevance.summary()
    let bound = 1e-4 * max(1, summary.positive - summary.negative)
    let isLossy = ["shufflenet_v2_x0_5", "efficientnet_b0", "mobilenet_v3_small", "mnasnet0_5"].contains(name)
    #expect(isLossy ? lost > 0.01 : abs(lost) < 1e-6, "\(name): \(lost)")
    #expect(abs(result.relevance.sum() + lost - 1) < bound, "\(name): \(result.relevance.sum()), \(lost), \(bound)")
  }
}
