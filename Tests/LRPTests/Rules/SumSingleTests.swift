import LRP
import NeuralNetwork
import Tensors
import Testing

struct SumSingleTests {
  /// `relu(x) + flatten(x)`-like: a sum of two branches of known factors.
  private static func composite(_ summand: Int) throws -> any Composite {
    try LayerMapComposite(
      layerMap: [LayerMapEntry(.sum, SumSingle(summand: summand)), LayerMapEntry(.linear, Epsilon())] + .base(),
      canonizers: [ResNetCanonizer()])
  }

  @Test("the other summands get nothing", arguments: [0, 1])
  func onlyOne(summand: Int) throws {
    let network = try TestNetworks.residual()
    let input = TestNetworks.picture()
    let gradient = try Gradient(network, composite: Self.composite(summand), keepsNodeRelevance: true)
    let result = try gradient.attribute(input, .logit(.top1))
    let nodes = gradient.assignment.network
    let sum = try nodes.index(ofNode: "layer1.0.canonizer_sum")
    let arrived = try #require(result.nodeRelevance[sum])
    let branches = try nodes.nodes[sum].inputs.map { try #require(result.nodeRelevance[$0]) }
    #expect(branches[summand].isIdentical(to: arrived))
    #expect(branches[1 - summand].maximum() == 0 && branches[1 - summand].minimum() == 0)
  }

  @Test("only sums that have the summand take it")
  func objections() throws {
    let shape: Shape = [1, 2, 3, 3]
    let rule = try SumSingle(summand: 2)
    #expect(rule.objection(to: Sum(), inputs: [shape, shape], output: shape)?.contains("summand 2 found") == true)
    #expect(SumSingle().objection(to: Sum(), inputs: [shape, shape], output: shape) == nil)
    #expect(
      SumSingle().objection(to: ActivationLayer(.relu), inputs: [shape], output: shape)?.hasPrefix("ReLU") == true)
    let error = #expect(throws: LRPError.self) {
      _ = try RuleCatalog.make("SumSingle", ["summand": .number(0.5)])
    }
    #expect("\(try #require(error))" == "SumSingle: summand: 0.5 found, a whole number of at least 0 expected")
  }

  @Test("its derivative is that of a choice")
  func derivative() throws {
    let network = try TestNetworks.residual()
    let input = TestNetworks.picture(batch: 1)
    let weights = Tensor.random(input.shape, seed: 3)
    let composite = LayerMapComposite(
      layerMap: [LayerMapEntry(.sum, SumSingle()), LayerMapEntry(.linear, Epsilon(epsilon: 1))]
        + .base(stabilizer: 0.5), canonizers: [ResNetCanonizer()])
    let derivative = try AttributionGradient(network, composite: composite)
    let slope = try derivative.gradient(at: input, .one(.index(1))) { _ in weights }.gradient
    let direction = Tensor.random(input.shape, seed: 4)
    func value(_ step: Float) throws -> Double {
      let moved = input + direction * step
      return (try Gradient(network, composite: composite).attribute(moved, .one(.index(1))).relevance * weights).sum()
    }
    let step: Float = 1e-3
    let expected = try (value(step) - value(-step)) / Double(2 * step)
    let found = (slope * direction).sum()
    #expect(abs(found - expected) < 0.02 * max(1, abs(expected)))
  }
}
