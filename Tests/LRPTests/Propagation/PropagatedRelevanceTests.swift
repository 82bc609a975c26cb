import LRP
import NeuralNetwork
import Tensors
import Testing

/// Where nobody looks at the relevance on the way, products are left to the layers below, and layers modified by rules may
/// be forgotten at once: neither changes a bit.
struct PropagatedRelevanceTests {
  private static func composite(_ name: String) throws -> any Composite {
    let canonizers: [any Canonizer] = [SequentialMergeBatchNorm()]
    switch name {
    case "all_gamma":
      return try LayerMapComposite(
        layerMap: .base() + [LayerMapEntry(.linear, Gamma(gamma: 0.3))], canonizers: canonizers)
    case "clipped":
      let stabilizer = Stabilizer(0.01, clip: true)
      return LayerMapComposite(
        layerMap: .base(stabilizer: stabilizer) + [LayerMapEntry(.linear, Epsilon(epsilon: stabilizer))],
        canonizers: canonizers)
    case "norm_scaled":
      let stabilizer = Stabilizer(0.01, normScale: true)
      return LayerMapComposite(
        layerMap: .base(stabilizer: stabilizer) + [LayerMapEntry(.linear, ZPlus(stabilizer: stabilizer))],
        canonizers: canonizers)
    default:
      var options = PresetOptions()
      (options.low, options.high) = (.scalar(-3), .scalar(3))
      options.canonizers = canonizers
      return try Preset.named(name).composite(options)
    }
  }

  @Test(arguments: Preset.all.map(\.name) + ["all_gamma", "clipped", "norm_scaled"])
  func nothingChanges(_ name: String) throws {
    let input = TestNetworks.picture()
    for network in [try TestNetworks.vgg(), try TestNetworks.residual()] {
      let assignment = try Self.composite(name).apply(to: network)
      let expected = try Gradient(assignment, keepsNodeRelevance: true).attribute(input, .logit(.top1))
      let lean = Gradient(assignment)
      let once = Gradient(assignment, isUsedOnce: true)
      for gradient in [lean, lean, once, once] {
        let found = try gradient.attribute(input, .logit(.top1))
        #expect(found.output.isIdentical(to: expected.output))
        #expect(found.relevance.isIdentical(to: expected.relevance), "\(network.name), \(name)")
      }
    }
  }

  /// A rule that propagates in its own way.
  private struct Doubled: Rule {
    var name: String { "Doubled" }
    func propagate(_ relevance: Tensor, in context: RuleContext) throws -> [Tensor] {
      try Epsilon().propagate(relevance * 2, in: context)
    }
  }

  @Test func rulesOfOnesOwnAreAskedThemselves() throws {
    let network = try TestNetworks.vgg()
    let composite = LayerMapComposite(layerMap: .base() + [LayerMapEntry(.linear, Doubled())])
    let assignment = try composite.apply(to: network)
    let expected = try Gradient(assignment, keepsNodeRelevance: true).attribute(TestNetworks.picture(), .logit(.top1))
    let found = try Gradient(assignment).attribute(TestNetworks.picture(), .logit(.top1))
    #expect(found.relevance.isIdentical(to: expected.relevance))
    #expect(found.relevance.maximum() > 0)
  }
}
