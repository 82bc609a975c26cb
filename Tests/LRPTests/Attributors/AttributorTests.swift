import LRP
import NeuralNetwork
import Synchronization
import Tensors
import Testing

@Suite(.parityFigures("attributor"))
struct AttributorTests {
  static let fixture = try? AttributorFixture.load()

  @Test("the fixture has every attributor, with and without composites")
  func fixtureIsThere() throws {
    let fixture = try AttributorFixture.load()
    for kind in ["Gradient", "SmoothGrad", "IntegratedGradients"] {
      let presets = Set(fixture.cases.filter { $0.attributor == kind }.map(\.options.composite))
      #expect(presets == [nil, "epsilon_plus_flat", "epsilon_gamma_box", "guided_backprop"])
    }
    #expect(fixture.cases.filter { $0.attributor == "Occlusion" }.count >= 20)
  }

  @Test("attributions equal the reference's", arguments: (fixture?.cases ?? []).map(\.name))
  func golden(name: String) throws {
    let fixture = try #require(Self.fixture)
    let golden = try #require(fixture.cases.first { $0.name == name })
    let tensors = try AttributorFixture.tensors()
    let network = try AttributorFixture.network(tensors)
    let input = try tensors.tensor("input")
    let result = try golden.attributor(network, tensors).attribute(input, fixture.outputRelevance(golden))
    let expected = try tensors.tensor(golden.result.key)
    #expect(result.relevance.shape == expected.shape)
    GoldenComparison.check(
      result.relevance, expected, golden.result, group: "attributors", name: name,
      headings: ["attributor/\(golden.attributor)"])
    // The output is that of the input itself, whatever was tried on the way.
    let output = try network.forward(input)[network.output]
    #expect(result.output.deviation(from: output) < 1e-6)
  }

  @Test("one attributor may be used for several inputs at once")
  func concurrentUse() async throws {
    let network = try TestNetworks.single(try TestNetworks.convolution(24, 32, seed: 3))
    let composite = NameMapComposite(nameMap: [NameMapEntry(["layer"], ZPlus())])
    let gradient = try Gradient(network, composite: composite)
    // One input has both signs, the other does not: terms that are zero for one are not for the other.
    let mixed = Tensor.random([1, 24, 6, 6], seed: 4)
    let inputs = [mixed, mixed.map { abs($0) }]
    let alone = try inputs.map { try gradient.attribute($0, .output).relevance.rowMajorElements() }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for turn in 0..<64 {
        group.addTask {
          try gradient.attribute(inputs[turn % 2], .output).relevance.rowMajorElements() == alone[turn % 2]
        }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }

  @Test("input times gradient is their product")
  func inputTimesGradient() throws {
    let tensors = try AttributorFixture.tensors()
    let network = try AttributorFixture.network(tensors)
    let input = try tensors.tensor("input")
    let gradient = try Gradient(network)
    let product = try InputTimesGradient(gradient).attribute(input, .one(.top1)).relevance
    let expected = try gradient.attribute(input, .one(.top1)).relevance * input.converted(to: .channelsLast)
    #expect(product.isIdentical(to: expected))
    // For a network of ReLUs without biases this is what LRP-0 computes.
    let plain = try TestNetworks.vgg(biased: false)
    let picture = TestNetworks.picture()
    let zero = LayerMapComposite(
      layerMap: [LayerMapEntry(.linear, Epsilon(epsilon: 1e-12))] + .base(stabilizer: 1e-12))
    let lrp = try Gradient(plain, composite: zero).attribute(picture, .logit(.top1)).relevance
    let other = try InputTimesGradient(Gradient(plain)).attribute(picture, .one(.top1)).relevance
    #expect(lrp.deviation(from: other) < 1e-4)
  }

  @Test("integrated gradients sum up to the difference of the outputs")
  func completeness() throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()
    let result = try IntegratedGradients(Gradient(network), iterations: 200).attribute(input, .one(.index(3)))
    let dark = try network.forward(Tensor.zeros(input.shape))[network.output]
    for sample in 0..<2 {
      let rise = result.output.rowMajorElements()[sample * 5 + 3] - dark.rowMajorElements()[sample * 5 + 3]
      #expect(abs(result.relevance.sampleSums()[sample] - Double(rise)) < 0.02 * abs(Double(rise)) + 0.01)
    }
  }

  @Test("noise is drawn from the seed, normal, and different in every iteration")
  func noise() throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()
    func run(_ seed: UInt64) throws -> Tensor {
      try SmoothGrad(Gradient(network), iterations: 3, seed: seed).attribute(input, .one(.top1)).relevance
    }
    #expect(try run(1).isIdentical(to: run(1)))
    #expect(try !run(1).isIdentical(to: run(2)))
    let smooth = SmoothGrad(try Gradient(network), seed: 5)
    let first = smooth.noise(0, [1, 4, 50, 50])
    #expect(!first.isIdentical(to: smooth.noise(1, [1, 4, 50, 50])))
    #expect(abs(first.sum() / 10_000) < 0.05)
    #expect(abs((first * first).sum() / 10_000 - 1) < 0.05)
    #expect(first.maximum() > 3 && first.minimum() < -3)
  }

  @Test("one iteration of SmoothGrad is the gradient")
  func oneIteration() throws {
    let gradient = try Gradient(TestNetworks.vgg())
    let input = TestNetworks.picture()
    let once = try SmoothGrad(gradient, iterations: 1).attribute(input, .one(.top1))
    #expect(once.relevance.isIdentical(to: try gradient.attribute(input, .one(.top1)).relevance))
  }

  @Test("the number of windows run at a time does not matter", arguments: [1, 3, 100])
  func occlusionBatches(size: Int) throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()
    let one = try Occlusion(network, window: 4, stride: 4, batchSize: 7).attribute(input, .logit(.index(0)))
    let other = try Occlusion(network, window: 4, stride: 4, batchSize: size).attribute(input, .logit(.index(0)))
    #expect(one.relevance.deviation(from: other.relevance) < 1e-5)
  }

  @Test("progress grows from 0 to 1, and throwing from it stops", arguments: ["smooth", "integrated", "occlusion"])
  func progress(kind: String) throws {
    struct Stop: Error {}
    let network = try TestNetworks.vgg()
    let gradient = try Gradient(network)
    let attributor: any Attributor =
      switch kind {
      case "smooth": SmoothGrad(gradient, iterations: 4)
      case "integrated": IntegratedGradients(gradient, iterations: 4)
      default: Occlusion(network, window: 3, stride: 3, batchSize: 4)
      }
    var shares: [Double] = []
    var forward = [Int](repeating: 0, count: network.nodes.count)
    var backward = forward
    _ = try attributor.attribute(TestNetworks.picture(), .output) { step in
      shares.append(step.share)
      if step.direction == .forward { forward[step.node] += 1 } else { backward[step.node] += 1 }
    }
    // Each of four passes comes to every node once in each direction; occlusion never goes back.
    #expect(forward[0] == 0 && Set(forward.dropFirst()).count == 1 && forward[1] >= 4)
    #expect(Set(backward) == (kind == "occlusion" ? [0] : [4]))
    #expect(shares.count > 3 && shares == shares.sorted())
    #expect(shares.allSatisfy { (0...1).contains($0) } && (shares.first ?? 1) < 0.1 && (shares.last ?? 0) > 0.7)
    #expect(throws: Stop.self) {
      _ = try attributor.attribute(TestNetworks.picture(), .output) { if $0.share > 0.5 { throw Stop() } }
    }
  }

  @Test("what cannot be is an error that says what was found")
  func errors() throws {
    let network = try TestNetworks.vgg()
    let gradient = try Gradient(network)
    let input = TestNetworks.picture()
    for (attributor, message) in [
      (SmoothGrad(gradient, iterations: 0), "0 iterations found"),
      (IntegratedGradients(gradient, iterations: -1), "-1 iterations found"),
      (IntegratedGradients(gradient, baseline: .zeros([2, 4, 12, 12])), "baseline of shape (2, 4, 12, 12) found"),
      (Occlusion(network, window: 0), "window 0 found"), (Occlusion(network, stride: []), "stride [] found"),
      (Occlusion(network, window: [1, 1, 1, 1, 1]), "window [1, 1, 1, 1, 1] found"),
      (Occlusion(network, fill: .zeros([5])), "fill of shape (5) found"),
    ] as [(any Attributor, String)] {
      let error = #expect(throws: LRPError.self) { _ = try attributor.attribute(input, .output) }
      #expect(error.map { "\($0)".contains(message) } == true)
    }
  }
}
