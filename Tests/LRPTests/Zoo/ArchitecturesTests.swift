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
    let side = name == "inception_v3" ? 96 : 64
    let shape: Shape = [1, 3, side, side]
    let uniform = SeededParameters(seed: 11).uniform("input", shape).rowMajorElements()
    let input = Tensor(shape, rowMajor: uniform.map { 2 * $0 - 1 })
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
    let side = name == "inception_v3" ? 96 : 64
    let uniform = SeededParameters(seed: 11).uniform("input", [1, 3, side, side]).rowMajorElements()
    let composite = LayerMapComposite(
      layerMap: .base(stabilizer: 1e-9) + [LayerMapEntry(.linear, Epsilon(epsilon: 1e-9))],
      canonizers: CanonizerCatalog.needed(by: network))
    let result = try Gradient(network, composite: composite)
      .attribute(Tensor([1, 3, side, side], rowMajor: uniform.map { 2 * $0 - 1 }), .one(.top1))
    // Parts of either sign are many times their sum; single precision is that of the parts.
    let summary = result.relevance.summary()
    let bound = 1e-4 * max(1, summary.positive - summary.negative)
    #expect(abs(result.relevance.sum() - 1) < bound, "\(name): \(result.relevance.sum()), bound \(bound)")
  }
}
