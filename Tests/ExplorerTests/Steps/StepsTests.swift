import Explorer
import LRP
import NeuralNetwork
import Tensors
import TerminalUI
import Testing

/// The step view: what it asks for, how one moves through it, and what it looks like.
@Suite struct StepsTests {
  static let sizes = [(80, 24), (120, 40), (200, 60)]

  @Test func theStrongestUnitIsAskedForAndShown() throws {
    var bench = try Bench()
    bench.select("classifier")
    bench.press(.character("N"))
    let request = try #require(bench.stepsRequest)
    #expect(request.unit == .strongest(0))
    #expect(bench.state.model?.row(request.node)?.name == "classifier")
    #expect(bench.state.view().plainText().contains("computing the numbers…"))
    try bench.finishSteps()
    let steps = try #require(bench.state.steps?.steps)
    #expect(bench.state.steps?.isWaiting == false && bench.state.steps?.stage == .given)
    #expect(bench.state.view().plainText().contains("unit \(steps.unit[0])"))
  }

  @Test func stepsGoForthAndBack() throws {
    var bench = try Bench.withSteps("classifier")
    for stage in [StepsState.Stage.forward, .divide, .backward, .multiply, .multiply] {
      bench.press(.character(" "))
      #expect(bench.state.steps?.stage == stage)
    }
    bench.press(.backspace)
    #expect(bench.state.steps?.stage == .backward)
    bench.press(.home)
    #expect(bench.state.steps?.stage == .given)
    bench.press(.end)
    #expect(bench.state.steps?.stage == .multiply)
    bench.press(.escape)
    #expect(bench.state.steps == nil && bench.state.popup == nil)
  }

  @Test("numbers that are not finite are shown without a colour", arguments: [Float.infinity, -.infinity, .nan])
  func notFinite(_ relevance: Float) throws {
    var bench = try Bench.withSteps("blocks.0.project")
    bench.press(.character("]"))
    let request = try #require(bench.stepsRequest)
    bench.send(.stepsComputed(request: request.id, try Bench.steps(request) { _ in relevance }))
    bench.press(.end)
    for (width, height) in Self.sizes {
      bench.send(.resize(width: width, height: height))
      #expect(bench.state.view().plainText().contains(relevance.isNaN ? "NaN" : "inf"), "\(width)x\(height)")
    }
  }

  @Test("keys move to neighbouring units, around the edges")
  func units() throws {
    var bench = try Bench.withSteps("blocks.0.project")
    let unit = try #require(bench.state.steps?.steps?.unit)
    let moves: [(Key, Int, Int)] = [
      (.character("]"), 0, 1), (.character("["), 0, -1), (.character("L"), 1, 1), (.character("H"), 1, -1),
      (.character("l"), 2, 1), (.character("h"), 2, -1),
    ]
    for (key, axis, step) in moves {
      bench.press(key)
      let extent = try #require(bench.state.steps?.steps?.outputExtents[axis])
      var expected = unit
      expected[axis] = (unit[axis] + step + extent) % extent
      #expect(bench.stepsRequest?.unit == .at(expected))
    }
    try bench.finishSteps()
    bench.press(.character("."))
    // Where the rank is not known, the strongest comes first.
    #expect(bench.stepsRequest?.unit == .strongest(0))
    bench.press(.character("."))
    #expect(bench.stepsRequest?.unit == .strongest(1))
    bench.press(.character(","))
    #expect(bench.stepsRequest?.unit == .strongest(0))
  }

  @Test("a late answer to an earlier question is not shown")
  func lateAnswers() throws {
    var bench = try Bench.withSteps("classifier")
    bench.press(.character("]"))
    let first = try #require(bench.stepsRequest)
    bench.press(.character("]"))
    let second = try #require(bench.stepsRequest)
    let before = bench.state.steps?.steps?.unit
    bench.send(.stepsComputed(request: first.id, try Bench.steps(first)))
    #expect(bench.state.steps?.steps?.unit == before && bench.state.steps?.isWaiting == true)
    bench.send(.stepsFailed(request: first.id, "too late"))
    #expect(bench.state.steps?.problem == nil)
    bench.send(.stepsFailed(request: second.id, "no relevance arrives here"))
    #expect(bench.state.view().plainText().contains("no relevance arrives here"))
  }

  @Test("relevance is followed to the unit below, past layers that keep every element where it is")
  func following() throws {
    var bench = try Bench.withSteps("blocks.0.project")
    let source = try #require(bench.state.steps.flatMap { shown in shown.steps?.sources[shown.listed[0]] })
    let place = try #require(bench.state.steps?.steps?.place(of: source))
    bench.press(.enter)
    let request = try #require(bench.stepsRequest)
    #expect(bench.state.model?.row(request.node)?.name == "blocks.0.depthwise")
    #expect(request.unit == .at(place))
    #expect(bench.state.selectedRow?.name == "blocks.0.depthwise")
    try bench.finishSteps()
    bench.press(.character(">"))
    #expect(bench.state.model?.row(try #require(bench.stepsRequest).node)?.name == "blocks.0.project")
    bench.press(.escape)
    // At the first layer there is nothing below but the picture.
    bench = try Bench.withSteps("conv_stem")
    bench.press(.enter)
    #expect(bench.stepsRequest == nil && bench.state.notice?.text.contains("the picture's own") == true)
    bench.press(.character("<"))
    #expect(bench.stepsRequest == nil)
  }

  @Test func inputsAreSortedByContributionThenRelevanceThenPlace() throws {
    var bench = try Bench.withSteps("classifier")
    func listed() throws -> [Int] { try #require(bench.state.steps).listed }
    let steps = try #require(bench.state.steps?.steps)
    let contributions = try listed().map { abs(steps.contribution($0)) }
    #expect(contributions == contributions.sorted(by: >))
    bench.press(.character("s"))
    let shares = try listed().map { abs(steps.handedOn[$0]) }
    #expect(shares == shares.sorted(by: >))
    bench.press(.character("s"))
    #expect(try listed() == Array(steps.sources.indices))
  }

  @Test func anotherModelEndsTheView() throws {
    var bench = try Bench()
    let input = bench.state.inputs[1]
    bench.press(.character("]"))
    bench.select("classifier")
    bench.press(.character("N"))
    let request = try #require(bench.state.openingInput)
    let sample = try Fixture.opened(input: input).sample
    bench.send(.inputOpened(request: request.id, sample))
    #expect(bench.state.steps == nil && bench.state.popup == nil)
  }

  @Test func layersWithoutWeightsGiveTheNextThatHas() throws {
    var bench = try Bench()
    bench.press(.character("1"), .home, .character("N"))
    #expect(bench.state.selectedRow?.name == "conv_stem")
  }

  @Test("every rule has its own formula", arguments: RuleCatalog.descriptions.map(\.name))
  func formulas(name: String) throws {
    var values: [String: ParameterValue] = [:]
    if name == "ZBox" { values = ["low": .bound(-1), "high": .bound(1)] }
    let rule = try RuleCatalog.make(name, values)
    guard rule is any ShareRule else { return }
    var bench = try Bench.withSteps("blocks.0.project", rule: rule)
    bench.press(.end)
    let buffer = bench.state.view()
    let text = (0..<12).map { buffer.text($0) }.joined(separator: "\n")
    let expected = [
      "Epsilon": "z = Σ a·w + b", "Norm": "z = Σ a·w + b", "ZPlus": "z = Σ a⁺·w⁺ + Σ a⁻·w⁻",
      "AlphaBeta": "z⁻ = Σ a⁺·w⁻ + Σ a⁻·w⁺", "Gamma": "z = Σ a⁺·(w+γw⁻) + Σ a⁻·(w+γw⁺) + (b+γb⁻)",
      "ZBox": "z = Σ a·w − Σ l·w⁺ − Σ h·w⁻", "WSquare": "z = Σ w² + b²", "Flat": "z = Σ 1",
    ][name]
    #expect(text.contains(try #require(expected)), "\(name):\n\(text)")
  }

  @Test(
    arguments: sizes,
    [("classifier", StepsState.Stage.divide), ("blocks.0.project", .multiply), ("conv_stem", .forward)])
  func screens(size: (Int, Int), scene: (String, StepsState.Stage)) throws {
    var bench = try Bench.withSteps(scene.0, width: size.0, height: size.1)
    for _ in 0..<scene.1.rawValue { bench.press(.right) }
    try Snapshot.expect(
      text: bench.state.view().plainText(), named: "screens/steps \(scene.0) \(scene.1) \(size.0)x\(size.1)")
  }

  @Test func alphaBetaHasTwoOfEach() throws {
    var bench = try Bench.withSteps("classifier", width: 80, height: 24, rule: AlphaBeta())
    bench.press(.end)
    try Snapshot.expect(bench.state.view(), named: "screens/steps alphabeta 80x24")
  }
}

extension Bench {
  /// The request of the last event.
  var stepsRequest: StepsRequest? {
    for case .computeSteps(let request) in commands { return request }
    return nil
  }

  /// An explorer that shows the steps of a layer.
  static func withSteps(
    _ layer: String, width: Int = 120, height: Int = 40, rule: (any Rule)? = nil
  ) throws -> Bench {
    var bench = try Bench(width: width, height: height)
    if let rule { bench.state.give(rule, to: layer) }
    bench.select(layer)
    bench.press(.character("N"))
    try bench.finishSteps()
    return bench
  }

  /// Answers the newest request for steps.
  mutating func finishSteps() throws {
    guard let request = stepsRequest else { return }
    send(.stepsComputed(request: request.id, try Self.steps(request)))
  }

  /// The steps of a unit, for made-up activations and relevance.
  static func steps(
    _ request: StepsRequest, relevance: (Int) -> Float = { Float($0 * 29 % 61) / 64 - 0.25 }
  ) throws -> UnitSteps {
    let opened = try Fixture.opened()
    let network = opened.canonized
    let shapes = try network.shapes(forInput: opened.sample.shape)
    let node = network.nodes[request.node]
    let inputs = node.inputs.map { input in
      Tensor(shapes[input], rowMajor: (0..<shapes[input].count).map { Float($0 * 37 % 64) / 32 - 0.75 })
    }
    let output = try node.layer.forward(inputs)
    let relevance = Tensor(output.shape, rowMajor: (0..<output.count).map(relevance))
    let assignment = try request.explanation.composite.apply(to: opened.network)
    let context = RuleContext(
      index: request.node, node: node, inputs: inputs, output: output, cache: PropagationCache())
    return try UnitSteps(
      of: request.unit, relevance: relevance, rule: assignment.matches[request.node]?.rule, in: context)
  }
}

extension ExplorerState {
  /// Gives a layer a rule, as an edit would.
  fileprivate mutating func give(_ rule: any Rule, to path: String) {
    var composite = history.composite
    composite.rules[path] = RuleMatch(rule: rule, reason: "edited")
    history.commit(composite, label: "test")
  }
}
