import Compute
import Foundation
import LRP
import ModelFormats
import NeuralNetwork
import Tensors
import Testing

@Suite(.parityFigures("second order"))
struct AttributionGradientTests {
  /// `Tests/Fixtures/second_order`: gradients of attributions, by the reference.
  struct Fixture: Decodable, Sendable {
    struct Case: Decodable, Sendable {
      let name: String
      var preset: String?
      let parameters: [String: JSONValue]
      let relevance: String
      var activation: String?
      let result: GoldenResult
    }
    let targets: [Int]
    let cases: [Case]

    static let folder = AttributorFixture.folder.deletingLastPathComponent().appending(path: "second_order")

    static func load() throws -> Fixture {
      try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: folder.appending(path: "second_order.json")))
    }
  }

  static let fixture = try? Fixture.load()

  private static let activations: [String: Activation] = [
    "elu": .elu(alpha: 1.5), "celu": .celu(alpha: 1.5), "selu": .selu, "gelu": .gelu(), "gelu_tanh": .gelu(tanh: true),
    "sigmoid": .sigmoid, "silu": .silu, "softplus": .softplus(beta: 2), "softsign": .softsign, "tanh": .tanh,
    "tanhshrink": .tanhshrink, "logsigmoid": .logSigmoid, "hardswish": .hardswish, "leakyrelu": .leakyReLU(slope: 0.1),
  ]

  private static func composite(_ golden: Fixture.Case) throws -> (any Composite)? {
    guard let preset = golden.preset else { return nil }
    var options = PresetOptions()
    for (name, value) in golden.parameters {
      let parameter = try ParameterValue(value, nil)
      switch name {
      case "epsilon": options.epsilon = try #require(parameter.stabilizer)
      case "stabilizer": options.stabilizer = try #require(parameter.stabilizer)
      case "gamma": options.gamma = try #require(value.double)
      case "beta_smooth": options.betaSmooth = try #require(value.double)
      case "low": options.low = parameter.bound
      case "high": options.high = parameter.bound
      default: Issue.record("unknown parameter \(name)")
      }
    }
    return try Preset.named(preset).composite(options)
  }

  private static func around(_ activation: Activation, _ tensors: SafetensorsFile) throws -> Network {
    var builder = NetworkBuilder(name: "around")
    for name in ["0", "2"] {
      if name == "2" { builder.add("1", ActivationLayer(activation)) }
      builder.add(
        name,
        try FullyConnected(
          weight: tensors.tensor("around.\(name).weight"), bias: tensors.tensor("around.\(name).bias")))
    }
    return try builder.build()
  }

  @Test("gradients of attributions equal the reference's", arguments: (fixture?.cases ?? []).map(\.name))
  func golden(name: String) throws {
    let fixture = try #require(Self.fixture)
    let golden = try #require(fixture.cases.first { $0.name == name })
    let tensors = try SafetensorsFile(path: Fixture.folder.appending(path: "second_order.safetensors").path)
    let network: Network
    let input: Tensor
    let weights: Tensor
    if let name = golden.activation {
      network = try Self.around(try #require(Self.activations[name]), tensors)
      (input, weights) = (try tensors.tensor("small"), try tensors.tensor("small_weights"))
    } else {
      let shared = try AttributorFixture.tensors()
      network = try AttributorFixture.network(shared)
      (input, weights) = (try shared.tensor("input"), try tensors.tensor("weights"))
    }
    let relevance: OutputRelevance =
      switch golden.relevance {
      case "one": .one(.indices(fixture.targets))
      case "logit": .logit(.indices(fixture.targets))
      default: .output
      }
    let found = try AttributionGradient(network, composite: Self.composite(golden))
      .gradient(at: input, relevance) { _ in weights }.gradient
    let expected = try tensors.tensor(golden.result.key)
    GoldenComparison.check(
      found, expected, golden.result, group: "second order", name: golden.name,
      headings: ["second order/\(golden.activation == nil ? "composites" : "activations")"])
  }

  @Test("the fixture covers presets, stabilizers and curved activations")
  func fixtureIsThere() throws {
    let cases = try Fixture.load().cases
    #expect(Set(cases.compactMap(\.activation)) == Set(Self.activations.keys))
    #expect(Set(cases.compactMap(\.preset)).count == 8)
  }

  /// `(⟨t, A(x + hd)⟩ − ⟨t, A(x − hd)⟩) / 2h`, and what the gradient says it is.
  private func slopes(
    _ network: Network, _ composite: (any Composite)?, _ relevance: OutputRelevance, _ input: Tensor, step: Float = 1e-3
  ) throws -> (difference: Double, gradient: Double) {
    let weights = Tensor.random(input.shape, seed: 41)
    let direction = Tensor.random(input.shape, seed: 42)
    let attributor = try Gradient(network, composite: composite)
    func value(_ step: Float) throws -> Double {
      (try attributor.attribute(input + direction * step, relevance).relevance * weights).sum()
    }
    let difference = try (value(step) - value(-step)) / Double(2 * step)
    let gradient = try AttributionGradient(network, composite: composite)
      .gradient(at: input, relevance) { _ in weights }.gradient
    return (difference, (gradient * direction).sum())
  }

  /// Smooth throughout, with batch norms, a residual addition and an average pool.
  private static func smooth() throws -> Network {
    try AttributeCanonizer { $0.layer.kind == .relu ? ActivationLayer(.softplus(beta: 3)) : nil }
      .apply(to: TestNetworks.residual())
  }

  @Test(
    "and finite differences",
    arguments: ["gradient", "epsilon_plus", "epsilon_gamma_box", "excitation_backprop", "wsquare"],
    ["one", "logit", "output"])
  func finiteDifferences(name: String, output: String) throws {
    var options = PresetOptions()
    (options.epsilon, options.stabilizer) = (1, 1)
    (options.low, options.high) = (-1.5, 1.5)
    options.canonizers = [ResNetCanonizer()]
    let composite: (any Composite)? =
      switch name {
      case "gradient": nil
      case "wsquare": LayerMapComposite(layerMap: [LayerMapEntry(.linear, WSquare(stabilizer: 1))])
      default: try Preset.named(name).composite(options)
      }
    let relevance: OutputRelevance =
      output == "one" ? .one(.index(1)) : output == "logit" ? .logit(.index(1)) : .output
    let (difference, gradient) = try slopes(Self.smooth(), composite, relevance, TestNetworks.picture())
    #expect(abs(difference - gradient) < 0.01 * max(abs(gradient), 0.1), "\(difference) and \(gradient)")
  }

  @Test("max pools, beta-smoothed ReLUs: also there")
  func pooled() throws {
    let network = try TestNetworks.vgg()
    let composite = try Preset.betaSmooth.composite()
    let (difference, gradient) = try slopes(network, composite, .one(.index(1)), TestNetworks.picture(), step: 1e-4)
    #expect(abs(difference - gradient) < 0.05 * abs(gradient), "\(difference) and \(gradient)")
    // Without smoothing, with a constant at the output, nothing changes.
    let flat = try AttributionGradient(network).gradient(at: TestNetworks.picture(), .one(.index(1))) { $0.relevance }
    #expect(flat.gradient.maximum() == 0 && flat.gradient.minimum() == 0)
  }

  @Test("the attribution that comes with it is the usual one; progress grows")
  func attribution() throws {
    let network = try TestNetworks.vgg()
    let composite = try Preset.epsilonPlus.composite()
    var shares: [Double] = []
    let result = try AttributionGradient(network, composite: composite).gradient(
      at: TestNetworks.picture(), .logit(.top1), progress: { shares.append($0) }, of: { $0.relevance })
    let usual = try Gradient(network, composite: composite).attribute(TestNetworks.picture(), .logit(.top1))
    #expect(result.attribution.relevance.isIdentical(to: usual.relevance))
    #expect(shares == shares.sorted() && shares.allSatisfy { (0...1).contains($0) })
  }

  @Test(
    "the gradient of softplus's gradient is σ(1 − σ), whichever attributor's; of its integrated gradients x σ(1 − σ) + σ"
  )
  func softplus() throws {
    let network = try TestNetworks.single(ActivationLayer(.softplus(beta: 1, threshold: 20)))
    for shape in OutputRelevanceTests.shapes {
      let input = Tensor.random(Shape([4] + shape), seed: 9, scale: 3)
      let ones = Tensor(input.shape, filledWith: 1)
      let sigmoid = input.map { 1 / (1 + exp(-$0)) }
      let curvature = sigmoid.map { $0 * (1 - $0) }
      let second = try AttributionGradient(network).gradient(at: input, .tensor(ones)) { _ in ones }
      #expect(second.attribution.relevance.deviation(from: sigmoid) < 1e-6)
      #expect(second.gradient.deviation(from: curvature) < 1e-5)
      // One step of integrated gradients is x · A(x); its gradient is A(x) + x · ∂A/∂x.
      let step = try IntegratedGradients(Gradient(network), iterations: 1).attribute(input, .tensor(ones)).relevance
      #expect(step.deviation(from: input * sigmoid) < 1e-6)
      let weighted = try AttributionGradient(network).gradient(at: input, .tensor(ones)) { _ in input }
      #expect((second.attribution.relevance + weighted.gradient).deviation(from: sigmoid + input * curvature) < 1e-5)
    }
  }

  @Test("input times gradient of a linear layer has the gradient of the layer")
  func inputTimesGradient() throws {
    // Epsilon with a clipped stabilizer of next to nothing is x · w at the output z, if R = z.
    let layer = try TestNetworks.fullyConnected(2, 2, seed: 4, biased: false)
    let composite = LayerMapComposite(layerMap: [
      LayerMapEntry(.linear, Epsilon(epsilon: Stabilizer(1e-12, clip: true)))
    ])
    let input = Tensor.random([1, 2], seed: 5)
    let result = try AttributionGradient(TestNetworks.single(layer), composite: composite)
      .gradient(at: input, .output) { _ in Tensor([1, 2], filledWith: 1) }
    let weight = layer.weight.rowMajorElements()
    let sums = Tensor([1, 2], rowMajor: [weight[0] + weight[2], weight[1] + weight[3]])
    #expect(result.attribution.relevance.deviation(from: input * sums) < 1e-5)
    #expect(result.gradient.deviation(from: sums) < 1e-4)
  }

  @Test("what cannot be differentiated is an error that names it")
  func errors() throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()
    func message(_ rule: any Rule, _ layer: String, _ relevance: OutputRelevance = .output) -> String {
      let error = #expect(throws: (any Error).self) {
        let composite = NameMapComposite(nameMap: [NameMapEntry([layer], rule)])
        _ = try AttributionGradient(network, composite: composite).gradient(at: input, relevance) { $0.relevance }
      }
      return error.map { "\($0)" } ?? ""
    }
    #expect(try message(BasicRule(), "features.2").contains("layer features.2, rule BasicRule: BasicRule cannot be"))
    #expect(message(Norm(), "features.4").contains("layer features.4, rule Norm: the derivative of Norm on MaxPool2d"))
    let own = Epsilon(epsilon: Stabilizer(named: "own") { $0 })
    #expect(message(own, "classifier.2").contains("the stabilizer own is a function"))
    #expect(message(Epsilon(), "classifier.2", .function { $0 }).contains("give a tensor instead"))
    var builder = NetworkBuilder(name: "softmax")
    builder.add("softmax", Softmax(axis: 1))
    let softmax = try builder.build()
    let error = #expect(throws: LRPError.self) {
      _ = try AttributionGradient(softmax).gradient(at: .random([2, 3], seed: 1), .output) { $0.relevance }
    }
    #expect(error.map { "\($0)".contains("second derivatives of Softmax are not available") } == true)
  }
}
