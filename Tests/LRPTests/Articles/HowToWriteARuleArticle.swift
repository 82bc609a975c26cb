import Compute
import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

// The code of the article HowToWriteARule.md, block for block; ArticleTests compares them.

/// `R_i = Σ_j |x_i w_ij| / Σ_i |x_i w_ij| · R_j`
struct Magnitude: ShareRule {
  var stabilizer: Stabilizer = 1e-6

  var name: String { "Magnitude" }
  var parameters: [RuleParameter] { [RuleParameter("stabilizer", .stabilizer(stabilizer))] }

  var shares: [Share] { [Share(positive: 1, negative: -1)] }
  var zeroParams: Set<ParameterKey> { [.bias] }
}

/// Hands on only relevance of at least `threshold`.
struct Threshold: Rule {
  var threshold: Float

  var name: String { "Threshold" }
  var parameters: [RuleParameter] { [RuleParameter("threshold", .number(Double(threshold)))] }

  func propagate(_ relevance: Tensor, in context: RuleContext) throws -> [Tensor] {
    let threshold = threshold
    return try context.gradient(relevance.map { abs($0) < threshold ? 0 : $0 })
  }
}

struct HowToWriteARuleArticle {
  /// A convolution whose kernel is as large as the picture, ReLU, a pooling of one pixel and a fully connected layer with
  /// positive outputs: two matrices, so that relevance can be computed by hand.
  private static func matrices() throws -> Network {
    var builder = NetworkBuilder(name: "matrices")
    builder.add("conv", try TestNetworks.convolution(3, 6, kernel: 2, padding: 0, seed: 1))
    builder.add("relu", TestNetworks.relu)
    builder.add("pool", MaxPool(PoolingGeometry(kernel: [1, 1])))
    builder.add("flatten", Flatten())
    builder.add(
      "fc",
      try FullyConnected(
        weight: .random([5, 6], seed: 2, scale: 0.5), bias: .random([5], seed: 3, scale: 0.5, offset: 3)))
    return try builder.build()
  }

  /// Weight, row by row, and bias of a linear layer, in double.
  private static func parameters(_ network: Network, _ name: String) throws -> (weight: [[Double]], bias: [Double]) {
    let layer = try #require(network.nodes[network.index(ofNode: name)].layer as? any ParameterizedLayer)
    let (numbers, rows) = (layer.weight.rowMajorElements().map(Double.init), layer.weight.shape[0])
    let width = numbers.count / rows
    return (
      (0..<rows).map { Array(numbers[$0 * width..<($0 + 1) * width]) },
      try #require(layer.bias).rowMajorElements().map(Double.init)
    )
  }

  /// What the rules of the article make of a sample, by their formulas.
  private static func byHand(_ network: Network, _ pixels: [Double], gamma: Double) throws -> [Double] {
    let (conv, fc) = (try parameters(network, "conv"), try parameters(network, "fc"))
    let hidden = zip(conv.weight, conv.bias).map { weights, bias in
      max(0, zip(weights, pixels).reduce(bias) { $0 + $1.0 * $1.1 })
    }
    func raised(_ parameter: Double) -> Double { parameter + gamma * max(0, parameter) }
    let logits = zip(fc.weight, fc.bias).map { weights, bias in
      zip(weights, hidden).reduce(bias) { $0 + $1.0 * $1.1 }
    }
    let top = logits.indices.max { logits[$0] < logits[$1] } ?? 0
    let denominator = zip(fc.weight[top], hidden).reduce(raised(fc.bias[top])) { $0 + raised($1.0) * $1.1 }
    let arriving = zip(fc.weight[top], hidden).map { raised($0) * $1 / (denominator + 1e-6) * logits[top] }
    var relevance = [Double](repeating: 0, count: pixels.count)
    for (weights, arrived) in zip(conv.weight, arriving) {
      let shares = zip(weights, pixels).map { abs($0 * $1) }
      let sum = shares.reduce(0, +) + 1e-9
      for index in relevance.indices { relevance[index] += shares[index] / sum * arrived }
    }
    return relevance
  }

  @Test("rules of one's own")
  func rules() throws {
    let network = try Self.matrices()
    let input = Tensor.random([2, 3, 2, 2], seed: 4)
    #expect(try network.forward(input)[5].minimum() > 0)

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

    for sample in 0..<2 {
      let pixels = input.sample(sample).rowMajorElements().map(Double.init)
      let expected = try Self.byHand(network, pixels, gamma: 0.25)
      let found = relevance.sample(sample).rowMajorElements()
      for (found, expected) in zip(found, expected) { #expect(abs(Double(found) - expected) < 1e-5) }
    }
    #expect(relevance.maximum() > 0.01)

    // One layer: R_i = x_i Σ_j w'_ij (1 − tanh² z'_j) z_j with z' = w' x + b'.
    let layer = try FullyConnected(
      weight: .random([4, 6], seed: 5, scale: 0.4), bias: .random([4], seed: 6, scale: 0.4))
    let single = try TestNetworks.single(layer)
    let x = Tensor.random([1, 6], seed: 7)
    let (w, b) = try Self.parameters(single, "layer")
    let changed: [(ParameterModification, weight: (Double) -> Double, bias: (Double) -> Double)] = [
      (weightOnly, { abs($0) }, { $0 }), (withoutBias, { max(0, $0) }, { _ in 0 }), (ifThereAreAny, { $0 }, { $0 / 2 }),
    ]
    for (modification, weight, bias) in changed {
      let rule = try BasicRule(
        parameterModifiers: [modification], outputModifiers: [softened], gradientMapper: { relevance, _ in [relevance] }
      )
      let composite = LayerMapComposite(layerMap: [LayerMapEntry(.linear, rule)])
      let found = try Gradient(single, composite: composite).attribute(x, .output).relevance.rowMajorElements()
      let pixels = x.rowMajorElements().map(Double.init)
      var expected = [Double](repeating: 0, count: 6)
      for (row, offset) in zip(w, b) {
        let z = zip(row, pixels).reduce(offset) { $0 + $1.0 * $1.1 }
        let slope = zip(row, pixels).reduce(bias(offset)) { $0 + weight($1.0) * $1.1 }
        for index in 0..<6 {
          expected[index] += pixels[index] * weight(row[index]) * (1 - tanh(slope) * tanh(slope)) * z
        }
      }
      for (found, expected) in zip(found, expected) { #expect(abs(Double(found) - expected) < 1e-5) }
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
