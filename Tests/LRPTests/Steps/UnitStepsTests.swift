import Compute
import LRP
import NeuralNetwork
import Tensors
import Testing

/// The four steps of one unit, against numbers worked out by hand and against the rules themselves.
@Suite struct UnitStepsTests {
  // MARK: - By hand

  /// z = 1·3 + 2·(−1) + 0.5 = 1.5 at a unit with inputs (1, 2), weights (3, −1) and bias 0.5, where R = 3 arrives; the
  /// second unit is there to be left alone.
  private static func byHand(
    _ rule: (any Rule)?, inputs: [Float] = [1, 2], relevance: [Float] = [3, 7], unit: UnitChoice = .at([0])
  ) throws -> UnitSteps {
    let layer = try FullyConnected(
      weight: Tensor([2, 2], rowMajor: [3, -1, 10, 20]), bias: Tensor([2], rowMajor: [0.5, -1]))
    let input = Tensor([1, 2], rowMajor: inputs)
    let node = Node(name: "layer", path: "layer", layer: layer, inputs: [0])
    let context = RuleContext(
      index: 1, node: node, inputs: [input], output: try layer.forward([input]), cache: PropagationCache())
    return try UnitSteps(of: unit, relevance: Tensor([1, 2], rowMajor: relevance), rule: rule, in: context)
  }

  private static func expect(_ found: [Double], _ expected: [Double], within bound: Double = 1e-9) {
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) { #expect(abs(found - expected) <= bound, "\(found) \(expected)") }
  }

  @Test func epsilonByHand() throws {
    let steps = try Self.byHand(Epsilon(epsilon: 0.5))
    #expect(steps.unit == [0] && steps.activation == 1.5 && steps.relevance == 3)
    #expect(steps.activations == [1, 2] && steps.weights == [3, -1])
    let group = try #require(steps.groups.first)
    #expect(group.z == 1.5 && group.denominator == 2 && group.s == 1.5 && group.passes[0].bias == 0.5)
    Self.expect([0, 1].map { group.passes[0].contribution($0) }, [3, -2])
    Self.expect([0, 1].map { steps.backward(group, group.passes[0], $0) }, [4.5, -1.5])
    Self.expect(steps.handedOn, [4.5, -3])
    Self.expect([steps.incoming, steps.bias, steps.stabilizer, steps.other], [1.5, 0.75, 0.75, 0])
    #expect(steps.order { group.passes[0].contribution($0) } == [0, 1])
    #expect(steps.order { steps.activations[$0] } == [1, 0])
  }

  @Test func positiveRulesByHand() throws {
    // Only 1·3 and the bias are positive: z = 3.5.
    let plus = try Self.byHand(ZPlus(stabilizer: 0))
    #expect(plus.groups[0].z == 3.5)
    Self.expect(plus.handedOn, [3 * 3 / 3.5, 0])
    Self.expect([plus.bias], [3 * 0.5 / 3.5])
    // γ = 1 doubles what is positive: z = 6 − 2 + 1 = 5.
    let gamma = try Self.byHand(try Gamma(gamma: 1, stabilizer: 0))
    #expect(gamma.groups[0].z == 5 && gamma.groups[0].isOpen && !gamma.groups[1].isOpen && gamma.groups[1].s == 0)
    Self.expect(gamma.handedOn, [3 * 6.0 / 5, 3 * -2.0 / 5])
    // α = 2, β = 1: twice the positive share less the negative one, which is all of it.
    let alphaBeta = try Self.byHand(try AlphaBeta(alpha: 2, beta: 1, stabilizer: 0))
    Self.expect(alphaBeta.handedOn, [2 * 3 * 3 / 3.5, -3])
    // A negative input turns the signs: −2·(−1) is positive.
    let turned = try Self.byHand(ZPlus(stabilizer: 0), inputs: [1, -2])
    Self.expect(turned.handedOn, [3 * 3 / 5.5, 3 * 2 / 5.5])
  }

  @Test func rulesThatForgetTheInputByHand() throws {
    Self.expect(try Self.byHand(Flat(stabilizer: 0)).handedOn, [1.5, 1.5])
    // w² + b² = 9 + 1 + 0.25.
    Self.expect(try Self.byHand(WSquare(stabilizer: 0)).handedOn, [27 / 10.25, 3 / 10.25])
    // z = 1.5 − (−1·3 + 0.5) − (3·(−1)) = 7 between −1 and 3.
    let box = try Self.byHand(ZBox(low: -1, high: 3, stabilizer: 0))
    #expect(box.groups[0].passes.map(\.output) == [1.5, -2.5, -3] && box.groups[0].z == 7)
    Self.expect(box.handedOn, [3 * 6.0 / 7, 3 * 1.0 / 7])
    Self.expect([box.other], [0])
  }

  @Test func gradientAndOtherStabilizersByHand() throws {
    let gradient = try Self.byHand(nil)
    Self.expect(gradient.handedOn, [9, -3])
    #expect(gradient.bias == 0 && gradient.stabilizer == 0 && gradient.groups[0].s == 3)
    let clipped = try Self.byHand(Epsilon(epsilon: Stabilizer(2, clip: true)))
    #expect(clipped.groups[0].denominator == 2)
    // The root mean square of (1.5, 49).
    let scaled = try Self.byHand(Epsilon(epsilon: Stabilizer(0.5, normScale: true)))
    let norm = ((1.5 * 1.5 + 49 * 49) / 2).squareRoot()
    Self.expect([scaled.groups[0].denominator], [1.5 + 0.5 * norm], within: 1e-5)
    let own = Stabilizer(named: "two") { $0.map { _ in 2 } }
    #expect(try Self.byHand(Epsilon(epsilon: own)).groups[0].s == 1.5)
  }

  @Test func theStrongestUnitIsByMagnitude() throws {
    #expect(try Self.byHand(Epsilon(), relevance: [3, -7], unit: .strongest(0)).unit == [1])
    #expect(try Self.byHand(Epsilon(), relevance: [3, -7], unit: .strongest(1)).unit == [0])
    #expect(try Self.byHand(Epsilon(), relevance: [3, -7], unit: .strongest(50)).unit == [0])
  }

  @Test func whatHasNoStepsIsRefused() throws {
    #expect(throws: LRPError.self) { try Self.byHand(Epsilon(), unit: .at([2])) }
    #expect(throws: LRPError.self) { try Self.byHand(Epsilon(), unit: .at([0, 0])) }
    #expect(throws: LRPError.self) { try Self.byHand(Pass()) }
  }

  // MARK: - Against the rules

  static let rules: [any Rule] = [
    Epsilon(), Epsilon(epsilon: Stabilizer(0.1, normScale: true)), Epsilon(epsilon: 0.1, zeroParams: [.bias]),
    ZPlus(), Gamma(), Flat(), WSquare(), ZBox(low: -1.5, high: 2),
    Norm(), ZBox(low: .perChannel([-1, -1.5, -2, -1, -1, -1]), high: .scalar(2)),
  ]
  private static func allRules() throws -> [any Rule] {
    try rules + [Gamma(gamma: 2, zeroParams: [.bias]), AlphaBeta(), AlphaBeta(alpha: 1, beta: 0, zeroParams: [.bias])]
  }

  private static func layer(_ name: String) throws -> (layer: any Layer, inputs: [Shape]) {
    func convolution(_ geometry: ConvolutionGeometry, _ weight: Shape, outputs: Int) throws -> Convolution {
      try Convolution(
        geometry: geometry, weight: .random(weight, seed: 3, layout: .rowMajor),
        bias: .random([outputs], seed: 4, scale: 0.3))
    }
    switch name {
    case "plain":
      return (try convolution(ConvolutionGeometry(rank: 2, padding: 1), [4, 6, 3, 3], outputs: 4), [[1, 6, 5, 4]])
    case "strided":
      let geometry = ConvolutionGeometry(
        strides: [2, 3], dilations: [1, 2], paddingBegin: [1, 0], paddingEnd: [0, 2], groups: 1)
      return (try convolution(geometry, [4, 6, 3, 2], outputs: 4), [[1, 6, 7, 8]])
    case "grouped":
      let geometry = ConvolutionGeometry(rank: 2, stride: 2, padding: 2, groups: 3)
      return (try convolution(geometry, [9, 2, 5, 5], outputs: 9), [[1, 6, 6, 6]])
    case "depthwise":
      let geometry = ConvolutionGeometry(rank: 2, dilation: 2, padding: 2, groups: 6)
      return (try convolution(geometry, [6, 1, 3, 3], outputs: 6), [[1, 6, 6, 6]])
    case "one axis":
      return (
        try convolution(ConvolutionGeometry(rank: 1, stride: 2, padding: 1), [3, 6, 4], outputs: 3), [[1, 6, 9]]
      )
    case "transposed":
      let geometry = ConvolutionGeometry(
        rank: 2, stride: 2, padding: 1, groups: 2, isTransposed: true, outputPadding: 1)
      return (try convolution(geometry, [6, 2, 3, 3], outputs: 4), [[1, 6, 3, 4]])
    case "dense":
      return (
        try FullyConnected(weight: .random([5, 6], seed: 5), bias: .random([5], seed: 6)), [[1, 6]]
      )
    case "dense rows":
      return (
        try FullyConnected(weight: .random([5, 4], seed: 5), bias: .random([5], seed: 6)), [[1, 6, 4]]
      )
    case "pool": return (AveragePool(PoolingGeometry(kernel: [2, 3], strides: [2, 1])), [[1, 6, 4, 5]])
    default: return (Sum(), [[1, 6, 3, 2], [1, 6, 3, 2]])
    }
  }

  @Test(
    "what all units hand on adds up to what the rule hands on",
    arguments: [
      "plain", "strided", "grouped", "depthwise", "one axis", "transposed", "dense", "dense rows", "pool", "sum",
    ])
  func sumsOverUnits(name: String) throws {
    let (layer, shapes) = try Self.layer(name)
    let inputs = shapes.enumerated().map { Tensor.random($1, seed: UInt64(10 + $0)) }
    let output = try layer.forward(inputs)
    let relevance = Tensor.random(output.shape, seed: 20)
    let node = Node(name: name, path: name, layer: layer, inputs: Array(inputs.indices))
    let context = RuleContext(index: 1, node: node, inputs: inputs, output: output, cache: PropagationCache())
    var rules: [(any Rule)?] = [nil]
    rules += try Self.allRules()
    for rule in rules {
      let expected = try rule?.propagate(relevance, in: context) ?? context.gradient(relevance)
      var sums = inputs.map { [Double](repeating: 0, count: $0.count) }
      for element in 0..<output.shape.sampleCount {
        let unit = coordinates(element, Array(output.shape.dimensions.dropFirst()))
        let steps = try UnitSteps(of: .at(unit), relevance: relevance, rule: rule, in: context)
        for (source, share) in zip(steps.sources, steps.handedOn) { sums[source.slot][source.element] += share }
        #expect(Float(steps.relevance) == relevance.rowMajorElements()[element])
        if rule is Epsilon { #expect(abs(steps.other) < 1e-9, "\(name) \(unit)") }
        #expect(steps.sources.allSatisfy { steps.place(of: $0).count == shapes[$0.slot].rank - 1 })
      }
      for (sum, expected) in zip(sums, expected) {
        let found = Tensor(expected.shape, rowMajor: sum.map { Float($0) })
        // The rules compute in float32, and some of the denominators are nearly zero.
        #expect(found.deviation(from: expected) < 1e-4, "\(name) \(rule?.summary ?? "gradient")")
      }
    }
  }

  private func coordinates(_ element: Int, _ extents: [Int]) -> [Int] {
    var rest = element
    return Array(
      extents.reversed().map { extent in
        defer { rest /= extent }
        return rest % extent
      }.reversed())
  }

  // MARK: - From a session

  @Test("from a session: the sum over a layer's units is the relevance below it")
  func fromASession() async throws {
    let network = try TestNetworks.vgg()
    let composite = try MixedComposite(
      composites: [
        NameMapComposite(nameMap: [
          NameMapEntry(["features.0"], ZBox(low: -1, high: 1)), NameMapEntry(["features.2"], AlphaBeta()),
        ]), Preset.epsilonPlus.composite(),
      ])
    let session = AttributionSession(network: network, input: TestNetworks.picture(batch: 1))
    let result = try await session.attribute(composite: composite, output: .logit(.top1))
    for name in ["classifier.2", "classifier.0", "features.5", "features.2", "features.0"] {
      let node = try network.index(ofNode: name)
      let below = network.nodes[node].inputs[0]
      let expected = try #require(result.attribution.nodeRelevance[below])
      let arriving = try #require(result.attribution.nodeRelevance[node]).rowMajorElements()
      var sums = [Double](repeating: 0, count: expected.count)
      let extents = Array(try network.shapes(forInput: [1, 3, 12, 12])[node].dimensions.dropFirst())
      for element in arriving.indices where arriving[element] != 0 {
        let steps = try await session.steps(
          composite: composite, output: .logit(.top1), node: node, unit: .at(coordinates(element, extents)))
        for (source, share) in zip(steps.sources, steps.handedOn) { sums[source.element] += share }
      }
      let found = Tensor(expected.shape, rowMajor: sums.map { Float($0) })
      #expect(found.deviation(from: expected) < 2e-5, "\(name)")
    }
    await #expect(throws: LRPError.self) {
      try await session.steps(composite: composite, output: .logit(.top1), node: 0, unit: .strongest(0))
    }
    let pooling = try network.index(ofNode: "features.4")
    await #expect(throws: LRPError.self) {
      try await session.steps(composite: composite, output: .logit(.top1), node: pooling, unit: .strongest(0))
    }
  }
}
