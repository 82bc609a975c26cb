import Compute
import LRP
import NeuralNetwork
import Tensors
import Testing

/// The built-in rules once more, from the five parts, on layers of all sorts.
struct BasicRuleTests {
  struct Setting: Sendable, CustomTestStringConvertible {
    let layer: any Layer
    let shape: Shape
    var testDescription: String { layer.summary }
  }

  static let settings: [Setting] = {
    func weighted(_ groups: Int, transposed: Bool) throws -> Setting {
      Setting(
        layer: try Convolution(
          geometry: ConvolutionGeometry(rank: 2, stride: 2, padding: 1, groups: groups, isTransposed: transposed),
          weight: .random(transposed ? [4, 6 / groups, 3, 3] : [6, 4 / groups, 3, 3], seed: 3, layout: .rowMajor),
          bias: .random([6], seed: 4)),
        shape: [2, 4, 7, 6])
    }
    do {
      return [
        try weighted(1, transposed: false), try weighted(2, transposed: false), try weighted(1, transposed: true),
        Setting(layer: try TestNetworks.fullyConnected(9, 7, seed: 5), shape: [3, 9]),
        Setting(layer: try TestNetworks.fullyConnected(9, 7, seed: 5, biased: false), shape: [2, 3, 9]),
        Setting(layer: try TestNetworks.batchNorm(4, seed: 6), shape: [2, 4, 3, 5]),
        Setting(layer: AveragePool(PoolingGeometry(kernel: [2, 3], strides: [1, 2])), shape: [2, 3, 5, 6]),
      ]
    } catch {
      return []
    }
  }()

  private func relevance(_ rule: any Rule, _ setting: Setting) throws -> Tensor {
    let network = try TestNetworks.single(setting.layer)
    let shape = try network.shapes(forInput: setting.shape)[network.output]
    let composite = NameMapComposite(nameMap: [NameMapEntry(["layer"], rule)])
    return try Gradient(network, composite: composite)
      .attribute(.random(setting.shape, seed: 8), .tensor(.random(shape, seed: 9))).relevance
  }

  static let stabilizer: Stabilizer = 0.1

  private static func modifier(
    zero: Set<ParameterKey> = [], _ change: @escaping @Sendable (Tensor) -> Tensor
  ) -> ParameterModification {
    ParameterModification(zeroParams: zero) { parameter, _ in change(parameter) }
  }

  private static func epsilon() throws -> BasicRule {
    try BasicRule(
      inputModifiers: [{ $0 }], parameterModifiers: [modifier { $0 }], outputModifiers: [.identity],
      gradientMapper: { relevance, outputs in try [relevance / stabilizer(outputs[0])] },
      reducer: { inputs, gradients in inputs[0] * gradients[0] })
  }

  private static func zPlus() throws -> BasicRule {
    try BasicRule(
      inputModifiers: [{ $0.positivePart }, { $0.negativePart }],
      parameterModifiers: [modifier { $0.positivePart }, modifier(zero: [.bias]) { $0.negativePart }],
      gradientMapper: { relevance, outputs in
        let seed = try relevance / stabilizer(outputs[0] + outputs[1])
        return [seed, seed]
      })
  }

  private static func gamma(_ gamma: Float) throws -> BasicRule {
    let up: @Sendable (Tensor) -> Tensor = { $0 + $0.positivePart * gamma }
    let down: @Sendable (Tensor) -> Tensor = { $0 + $0.negativePart * gamma }
    return try BasicRule(
      inputModifiers: [{ $0.positivePart }, { $0.negativePart }, { $0.positivePart }, { $0.negativePart }, { $0 }],
      parameterModifiers: [
        modifier(up), modifier(zero: [.bias], down), modifier(down), modifier(zero: [.bias], up), .untouched,
      ],
      gradientMapper: { relevance, outputs in
        let positive = try relevance / stabilizer(outputs[0] + outputs[1])
        let negative = try relevance / stabilizer(outputs[2] + outputs[3])
        let first = positive.map(with: outputs[4]) { seed, z in z > 0 ? seed : 0 }
        let second = negative.map(with: outputs[4]) { seed, z in z < 0 ? seed : 0 }
        return [first, first, second, second, nil]
      })
  }

  private static func box() throws -> BasicRule {
    try BasicRule(
      inputModifiers: [{ $0 }, { $0.map { _ in -1 } }, { $0.map { _ in 1 } }],
      parameterModifiers: [modifier { $0 }, modifier { $0.positivePart }, modifier { $0.negativePart }],
      gradientMapper: { relevance, outputs in
        let seed = try relevance / stabilizer(outputs[0] - outputs[1] - outputs[2])
        return [seed, seed, seed]
      },
      reducer: { inputs, gradients in
        inputs[0] * gradients[0] - inputs[1] * gradients[1] - inputs[2] * gradients[2]
      })
  }

  @Test("rules made of parts equal the built-in ones", arguments: settings)
  func equal(setting: Setting) throws {
    let pairs: [(BasicRule, any Rule)] = [
      (try Self.epsilon(), Epsilon(epsilon: Self.stabilizer)), (try Self.zPlus(), ZPlus(stabilizer: Self.stabilizer)),
      (try Self.gamma(0.5), try Gamma(gamma: 0.5, stabilizer: Self.stabilizer)),
      (try Self.box(), ZBox(low: -1, high: 1, stabilizer: Self.stabilizer)),
    ]
    #expect(Self.settings.count == 7)
    for (parts, whole) in pairs {
      let expected = try relevance(whole, setting)
      #expect(try relevance(parts, setting).deviation(from: expected) < 1e-5, "\(whole.name)")
    }
  }

  @Test("parts that are left out are those of the reference: one pass, R / stab(z), x · c", arguments: settings)
  func defaults(setting: Setting) throws {
    let expected = try relevance(Norm(stabilizer: 1e-6), setting)
    #expect(try relevance(BasicRule(), setting).deviation(from: expected) < 1e-6)
    let twice = try BasicRule(inputModifiers: [{ $0 }, { $0 }])
    #expect(try relevance(twice, setting).deviation(from: expected * 2) < 1e-6)
    let wide = try relevance(BasicRule(stabilizer: 0.5), setting)
    #expect(try wide.deviation(from: relevance(Norm(stabilizer: 0.5), setting)) < 1e-6)
  }

  @Test("the gradient passes through output modifiers")
  func outputModifiers() throws {
    let setting = Self.settings[0]
    let plain = try relevance(BasicRule(gradientMapper: { relevance, _ in [relevance] }), setting)
    let scaled = try BasicRule(outputModifiers: [.scaled(3)], gradientMapper: { relevance, _ in [relevance] })
    #expect(try relevance(scaled, setting).deviation(from: plain * 3) < 1e-6)
    let parts = try BasicRule(
      outputModifiers: [.positive, .negative], gradientMapper: { relevance, _ in [relevance, relevance] })
    #expect(try relevance(parts, setting).deviation(from: plain) < 1e-5)
    let square = OutputModification({ $0 * $0 }, gradient: { seed, z in seed.map(with: z) { 2 * $0 * $1 } })
    let squared = try BasicRule(outputModifiers: [square], gradientMapper: { relevance, _ in [relevance] })
    let twice = try BasicRule(
      gradientMapper: { relevance, outputs in [relevance.map(with: outputs[0]) { 2 * $0 * $1 }] })
    #expect(try relevance(squared, setting).deviation(from: relevance(twice, setting)) < 1e-6)
  }

  @Test("parameter keys, zeroed and required parameters")
  func parameters() throws {
    let biased = Self.settings[3]
    func rule(_ modification: ParameterModification) throws -> BasicRule {
      try BasicRule(parameterModifiers: [modification], stabilizer: Self.stabilizer)
    }
    let noBias = try rule(ParameterModification(zeroParams: [.bias]))
    let expected = try relevance(Epsilon(epsilon: Self.stabilizer, zeroParams: [.bias]), biased)
    #expect(try relevance(noBias, biased).deviation(from: expected) < 1e-6)
    // The bias keeps its value: only the weight is named.
    let weightOnly = try rule(ParameterModification(keys: [.weight], zeroParams: [.bias]) { parameter, _ in parameter })
    let untouched = try relevance(Epsilon(epsilon: Self.stabilizer), biased)
    #expect(try relevance(weightOnly, biased).deviation(from: untouched) < 1e-6)
    // A bias that was left out is not missing.
    let unbiased = Self.settings[4]
    #expect(throws: Never.self) { _ = try relevance(rule(ParameterModification(keys: [.weight, .bias])), unbiased) }
    let pool = Self.settings[6]
    let error = #expect(throws: LRPError.self) {
      _ = try relevance(rule(ParameterModification(keys: [.weight])), pool)
    }
    #expect(
      error.map { "\($0)" } == "layer layer, rule BasicRule: AvgPool2d has no parameters, the rule requires weight")
    #expect(throws: Never.self) {
      _ = try relevance(rule(ParameterModification(keys: [.weight], requiresParameters: false)), pool)
    }
  }

  @Test("a sum's inputs are modified and reduced one by one")
  func severalInputs() throws {
    var builder = NetworkBuilder(name: "sum")
    builder.add("identity", Identity())
    builder.add("sum", Sum(), from: [0, 1])
    let network = try builder.build()
    func relevance(_ rule: any Rule) throws -> Tensor {
      try Gradient(network, composite: NameMapComposite(nameMap: [NameMapEntry(["sum"], rule)]))
        .attribute(.random([2, 3], seed: 1), .output).relevance
    }
    #expect(try relevance(BasicRule()).deviation(from: relevance(Norm())) < 1e-6)
  }

  @Test("parts that return the wrong shape or number are errors that name the layer and the part")
  func errors() throws {
    let setting = Self.settings[3]
    for (rule, message) in [
      (try BasicRule(inputModifiers: [{ $0.sample(0) }]), "the input modifier returned shape (1, 9), (3, 9) expected"),
      (try BasicRule(gradientMapper: { _, _ in [] }), "the gradient mapper returned 0 seeds, 1 expected"),
      (try BasicRule(gradientMapper: { r, _ in [r.sample(0)] }), "the gradient mapper returned shape (1, 7)"),
      (try BasicRule(reducer: { _, _ in .zeros([1]) }), "the reducer returned shape (1), (3, 9) expected"),
      (
        try BasicRule(parameterModifiers: [ParameterModification { _, _ in .zeros([1]) }]),
        "the modified weight has shape (1), (7, 9) expected"
      ),
    ] {
      let error = #expect(throws: LRPError.self) { _ = try relevance(rule, setting) }
      #expect(error.map { "\($0)".contains(message) && "\($0)".contains("layer layer, rule BasicRule") } == true)
    }
    #expect(throws: LRPError.self) {
      _ = try BasicRule(inputModifiers: [{ $0 }, { $0 }], outputModifiers: [.identity])
    }
    #expect(throws: LRPError.self) { _ = try BasicRule(inputModifiers: []) }
  }

  @Test("every rule made of functions is its own, unless it is said what it equals")
  func identity() throws {
    #expect(try BasicRule() != BasicRule())
    #expect(try BasicRule(identity: 1) == BasicRule(identity: 1))
    let named = try BasicRule(name: "Mine", parameters: [RuleParameter("power", .number(2))])
    #expect(named.summary == "Mine power=2")
  }
}
