import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

// The code of the article HowToWriteARule.md, block for block; ArticleTests compares them.

/// `R_i = Σ_j |x_i w_ij| / Σ_i |x_i w_ij| · R_j`
struct Magnitude: TermRule {
  var stabilizer: Stabilizer = 1e-6

  var name: String { "Magnitude" }
  var parameters: [RuleParameter] { [RuleParameter("stabilizer", .stabilizer(stabilizer))] }

  var groups: [TermGroup] {
    let passes = [
      Term(.positive, ParameterModifier(.positive, zero: [.bias])),
      Term(.negative, ParameterModifier(.negative, zero: [.bias])),
      Term(.positive, ParameterModifier(.negative, zero: [.bias]), sign: -1),
      Term(.negative, ParameterModifier(.positive, zero: [.bias]), sign: -1),
    ]
    return [TermGroup(passes)]
  }
}

/// Hands on only relevance of at least `threshold`.
struct Threshold: Rule {
  var threshold: Float

  var name: String { "Threshold" }
  var parameters: [RuleParameter] { [RuleParameter("threshold", .number(Double(threshold)))] }

  func propagate(_ relevance: Tensor, at place: RulePlace) throws -> [Tensor] {
    let threshold = threshold
    return try place.gradient(relevance.map { abs($0) < threshold ? 0 : $0 })
  }
}

struct HowToWriteARuleArticle {
  @Test("rules of one's own")
  func rules() throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()

    let gamma: Float = 0.25
    let stabilizer: Stabilizer = 1e-6
    let firstGamma = try BasicRule(
      name: "FirstGamma",
      inputModifiers: [{ $0 }],
      parameterModifiers: [ParameterModification { parameter, _ in parameter + parameter.positivePart * gamma }],
      outputModifiers: [.identity],
      gradientMapper: { relevance, outputs in try [relevance / stabilizer(outputs[0])] },
      reducer: { inputs, gradients in inputs[0] * gradients[0] })

    let weightOnly = ParameterModification(keys: [.weight]) { weight, _ in weight.map { abs($0) } }
    let withoutBias = ParameterModification(zeroParams: [.bias]) { parameter, _ in parameter.positivePart }
    let ifThereAreAny = ParameterModification(keys: [.weight, .bias], requiresParameters: false) { parameter, key in
      key == .weight ? parameter : parameter * 0.5
    }

    let softened = OutputModification(
      { output in output.map { tanh($0) } },
      gradient: { seed, output in seed.map(with: output) { s, z in s * (1 - tanh(z) * tanh(z)) } })

    let composite = LayerMapComposite(
      layerMap: [
        LayerMapEntry(.convolution, Magnitude(stabilizer: 1e-9)),
        LayerMapEntry(.fullyConnected, firstGamma),
        LayerMapEntry(.maxPool, Threshold(threshold: 0)),
      ] + .base())
    let relevance = try Gradient(network, composite: composite).attribute(input, .logit(.top1)).relevance

    #expect(relevance.shape == input.shape && relevance.isFinite)
    for modification in [weightOnly, withoutBias, ifThereAreAny] {
      let rule = try BasicRule(
        parameterModifiers: [modification], outputModifiers: [softened], gradientMapper: { relevance, _ in [relevance] }
      )
      let composite = LayerMapComposite(layerMap: [LayerMapEntry(.linear, rule)])
      #expect(try Gradient(network, composite: composite).attribute(input, .output).relevance.isFinite)
    }
  }

  @Test("shares by magnitude are positive and conserve, whatever the biases")
  func magnitude() throws {
    let network = try TestNetworks.vgg()
    let composite = LayerMapComposite(
      layerMap: [LayerMapEntry(.linear, Magnitude(stabilizer: 1e-9))] + .base(stabilizer: 1e-9))
    let result = try Gradient(network, composite: composite).attribute(TestNetworks.picture(), .one(.top1))
    #expect(result.relevance.minimum() >= 0)
    for sum in result.relevance.sampleSums() { #expect(abs(sum - 1) < 1e-4) }
  }

  @Test("the first form of the gamma rule equals the general one where inputs and outputs are positive")
  func firstGamma() throws {
    let weight = Tensor.random([4, 6], seed: 1, scale: 0.5, offset: 0.4)
    let network = try TestNetworks.single(FullyConnected(weight: weight))
    let input = Tensor.random([2, 6], seed: 2, scale: 0.5, offset: 0.5)
    #expect(try network.forward(input)[1].minimum() > 0)
    func relevance(_ rule: any Rule) throws -> Tensor {
      try Gradient(network, composite: NameMapComposite(nameMap: [NameMapEntry(["layer"], rule)]))
        .attribute(input, .output).relevance
    }
    let first = try BasicRule(
      parameterModifiers: [ParameterModification { parameter, _ in parameter + parameter.positivePart * 0.25 }])
    #expect(try relevance(first).deviation(from: relevance(Gamma())) < 1e-5)
  }

  @Test("a threshold of zero is the gradient, a high one nothing")
  func threshold() throws {
    let network = try TestNetworks.vgg()
    func relevance(_ rule: any Rule) throws -> Tensor {
      try Gradient(network, composite: NameMapComposite(nameMap: [NameMapEntry(["features.4"], rule)]))
        .attribute(TestNetworks.picture(), .output).relevance
    }
    let gradient = try Gradient(network).attribute(TestNetworks.picture(), .output).relevance
    #expect(try relevance(Threshold(threshold: 0)).isIdentical(to: gradient))
    #expect(try relevance(Threshold(threshold: 1e9)).maximum() == 0)
  }
}
