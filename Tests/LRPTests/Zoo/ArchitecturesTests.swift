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
}
