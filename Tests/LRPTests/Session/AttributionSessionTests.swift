import LRP
import NeuralNetwork
import Synchronization
import Tensors
import Testing

struct AttributionSessionTests {
  /// A rule for each linear layer by name; everything else as in the presets.
  private static func composite(_ rules: [String: any Rule] = [:]) throws -> MixedComposite {
    let named = rules.sorted { $0.key < $1.key }.map { NameMapEntry([$0.key], $0.value) }
    return try MixedComposite(composites: [NameMapComposite(nameMap: named), Preset.epsilonPlus.composite()])
  }

  /// What a run without any memory gives.
  private static func fresh(
    _ composite: (any Composite)?, _ output: AttributionSession.OutputKey, _ network: Network, _ input: Tensor
  ) async throws -> Attribution {
    try await AttributionSession(network: network, input: input).attribute(composite: composite, output: output)
      .attribution
  }

  private static func expectSame(_ found: Attribution, _ expected: Attribution) {
    #expect(found.output.isIdentical(to: expected.output))
    #expect(found.relevance.isIdentical(to: expected.relevance))
    #expect(found.nodeRelevance.count == expected.nodeRelevance.count)
    for (node, (left, right)) in zip(found.nodeRelevance, expected.nodeRelevance).enumerated() {
      switch (left, right) {
      case (nil, nil): break
      case (let left?, let right?): #expect(left.isIdentical(to: right), "node \(node)")
      default: Issue.record("node \(node) has relevance in one of the two only")
      }
    }
    let (left, right) = (found.ledger?.entries ?? [], expected.ledger?.entries ?? [])
    #expect(left.map(\.name) == right.map(\.name))
    for (left, right) in zip(left, right) {
      #expect(left.rule == right.rule && left.outgoing == right.outgoing && left.incoming == right.incoming)
      #expect(left.bias == right.bias && left.stabilizer == right.stabilizer && left.summary == right.summary)
    }
  }

  @Test(
    "changing the rule of a layer runs that layer and those below",
    arguments: ["features.0", "features.2", "features.5", "classifier.0", "classifier.2"])
  func oneRuleChanged(layer: String) async throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()
    let session = AttributionSession(network: network, input: input)
    let first = try await session.attribute(composite: Self.composite(), output: .logit(.top1))
    #expect(first.nodesRun == network.nodes.count - 1)
    let gamma = try Gamma(gamma: 0.5)
    for rule in [gamma as any Rule, Epsilon(epsilon: 0.1), WSquare(), gamma] {
      let changed = try Self.composite([layer: rule])
      let result = try await session.attribute(composite: changed, output: .logit(.top1))
      #expect(result.nodesRun == (try network.index(ofNode: layer)))
      Self.expectSame(result.attribution, try await Self.fresh(changed, .logit(.top1), network, input))
    }
    let back = try await session.attribute(composite: Self.composite(), output: .logit(.top1))
    Self.expectSame(back.attribution, first.attribution)
  }

  @Test("nothing runs again when nothing has changed")
  func nothingChanged() async throws {
    let session = AttributionSession(network: try TestNetworks.vgg(), input: TestNetworks.picture())
    let first = try await session.attribute(composite: Self.composite(), output: .logit(.index(2)))
    let second = try await session.attribute(composite: Self.composite(), output: .logit(.index(2)))
    #expect(second.nodesRun == 0)
    #expect(second.attribution.relevance.sharesMemory(with: first.attribution.relevance))
  }

  @Test("another target leaves the forward pass and the denominators as they were")
  func targetChanged() async throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()
    let session = AttributionSession(network: network, input: input)
    let composite = try Self.composite(["features.0": ZBox(low: -1, high: 1)])
    _ = try await session.attribute(composite: composite, output: .logit(.index(0)))
    let stages = Mutex<Set<String>>([])
    for target in [1, 4, 0] {
      let result = try await session.attribute(composite: composite, output: .logit(.index(target))) { progress in
        stages.withLock { _ = $0.insert("\(progress.stage)") }
      }
      #expect(result.nodesRun == network.nodes.count - 1)
      Self.expectSame(result.attribution, try await Self.fresh(composite, .logit(.index(target)), network, input))
    }
    #expect(stages.withLock { $0 } == ["backward"])
  }

  @Test("a residual network whose rule changes on one branch runs what lies below that branch only")
  func branches() async throws {
    let network = try TestNetworks.residual()
    let input = TestNetworks.picture()
    let session = AttributionSession(network: network, input: input)
    func composite(_ rules: [NameMapEntry]) throws -> MixedComposite {
      try MixedComposite(
        composites: [NameMapComposite(nameMap: rules), Preset.epsilonPlus.composite()],
        canonizers: [ResNetCanonizer()])
    }
    _ = try await session.attribute(composite: composite([]), output: .one(.top1))
    let changed = try composite([NameMapEntry(["layer1.0.downsample.0"], Gamma())])
    let result = try await session.attribute(composite: changed, output: .one(.top1))
    // The projection itself, and relu, bn1 and conv1 of the stem; the other branch hands down the same as before.
    #expect(result.nodesRun == 4)
    Self.expectSame(result.attribution, try await Self.fresh(changed, .one(.top1), network, input))
  }

  @Test("another composite, another input, no composite: always what a fresh run gives")
  func anythingChanged() async throws {
    let network = try TestNetworks.vgg()
    let session = AttributionSession(network: network, input: TestNetworks.picture())
    for (seed, preset) in [(1, "epsilon_plus"), (1, "guided_backprop"), (2, "epsilon_plus_flat"), (1, "beta_smooth")] {
      let input = TestNetworks.picture(seed: UInt64(seed))
      await session.setInput(input)
      let composite = try Preset.named(preset).composite()
      let result = try await session.attribute(composite: composite, output: .output)
      Self.expectSame(result.attribution, try await Self.fresh(composite, .output, network, input))
      let gradient = try await session.attribute(composite: nil, output: .output)
      Self.expectSame(gradient.attribution, try await Self.fresh(nil, .output, network, input))
    }
  }

  @Test("other canonizers begin anew")
  func canonizersChanged() async throws {
    let network = try TestNetworks.residual()
    let input = TestNetworks.picture()
    let session = AttributionSession(network: network, input: input)
    for canonizers in [[ResNetCanonizer()], [], [SequentialMergeBatchNorm()], [ResNetCanonizer()]] as [[any Canonizer]]
    {
      var options = PresetOptions()
      options.canonizers = canonizers
      let composite = try Preset.epsilonPlus.composite(options)
      let result = try await session.attribute(composite: composite, output: .logit(.top1))
      Self.expectSame(result.attribution, try await Self.fresh(composite, .logit(.top1), network, input))
    }
  }

  @Test("cancelled at any node, the next run gives the right result", arguments: Array(1...24))
  func cancelled(at stop: Int) async throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture(batch: 1)
    let session = AttributionSession(network: network, input: input)
    let composite = try Self.composite()
    let changed = try Self.composite(["features.2": Gamma(), "classifier.2": Epsilon(epsilon: 0.25)])
    _ = try await session.attribute(composite: composite, output: .logit(.index(1)))
    await session.setInput(input)
    let calls = Atomic(0)
    let task = Task {
      try await session.attribute(composite: changed, output: .logit(.index(3))) { _ in
        if calls.add(1, ordering: .relaxed).newValue == stop { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    do {
      _ = try await task.value
    } catch {
      #expect(error is CancellationError)
    }
    let expected = try await Self.fresh(changed, .logit(.index(3)), network, input)
    let result = try await session.attribute(composite: changed, output: .logit(.index(3)))
    Self.expectSame(result.attribution, expected)
    let before = try await session.attribute(composite: composite, output: .logit(.index(1)))
    Self.expectSame(before.attribution, try await Self.fresh(composite, .logit(.index(1)), network, input))
  }

  @Test("a rule that cannot be used where it is, a class that is not there and an input with NaN are errors")
  func errors() async throws {
    let network = try TestNetworks.vgg()
    let session = AttributionSession(network: network, input: TestNetworks.picture())
    await #expect(throws: LRPError.self) {
      let wrong = try Self.composite(["features.2": ZBox(low: [0, 0, 0], high: 1)])
      _ = try await session.attribute(composite: wrong, output: .output)
    }
    await #expect(throws: LRPError.self) {
      _ = try await session.attribute(composite: Self.composite(["classifier.0": Pass()]), output: .output)
    }
    await #expect(throws: LRPError.self) { _ = try await session.attribute(composite: nil, output: .logit(.index(5))) }
    let good = try await session.attribute(composite: Self.composite(), output: .output)
    Self.expectSame(good.attribution, try await Self.fresh(Self.composite(), .output, network, TestNetworks.picture()))
    await session.setInput(Tensor([1, 3, 12, 12], filledWith: .nan))
    await #expect(throws: NetworkError.self) { _ = try await session.attribute(composite: nil, output: .output) }
  }
}
