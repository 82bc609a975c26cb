import Compute
import LRP
import NeuralNetwork
import Tensors
import Testing

/// What the article KnownDifferences.md promises.
struct KnownDifferencesTests {
  private func relevance(_ network: Network, _ composite: any Composite, _ input: Tensor) throws -> Tensor {
    try Gradient(network, composite: composite).attribute(input, .output).relevance
  }

  @Test("each use of a module has its own input")
  func reusedModules() throws {
    func network(_ second: String) throws -> Network {
      var builder = NetworkBuilder(name: "reused")
      builder.add("first", try TestNetworks.fullyConnected(6, 5, seed: 1))
      builder.add("relu", TestNetworks.relu)
      builder.add("middle", try TestNetworks.fullyConnected(5, 5, seed: 2))
      builder.add(second, TestNetworks.relu)
      builder.add("last", try TestNetworks.fullyConnected(5, 3, seed: 3))
      return try builder.build()
    }
    let composite = LayerMapComposite(layerMap: [
      LayerMapEntry(.relu, ReLUBetaSmooth()), LayerMapEntry(.linear, Epsilon(epsilon: 0.01)),
    ])
    let input = Tensor.random([2, 6], seed: 4)
    let reused = try relevance(network("relu"), composite, input)
    #expect(try network("relu").nodes[4].name == "relu#2")
    #expect(try reused.isIdentical(to: relevance(network("relu2"), composite, input)))
  }

  /// The numbers are zennit's (1.0.0, torch 2.15, float64): `Sequential(Linear(3, 4, bias=False), ReLU(inplace=…))` under
  /// `ReLUBetaSmooth(beta_smooth=10)`, ones at the output.
  @Test("a smooth ReLU reads its input as it was")
  func reluInPlace() throws {
    var builder = NetworkBuilder(name: "in_place")
    builder.add(
      "linear",
      try FullyConnected(
        weight: Tensor([4, 3], rowMajor: [1, -2, 0.5, -1, 0.25, 1, 0.5, 0.5, -1, 2, -1, -1], layout: .rowMajor),
        bias: nil))
    builder.add("relu", TestNetworks.relu)
    let composite = try LayerMapComposite(layerMap: [LayerMapEntry(.relu, try ReLUBetaSmooth(betaSmooth: 10))])
    let result = try Gradient(builder.build(), composite: composite)
      .attribute(Tensor([1, 3], rowMajor: [1, 0.5, -0.25]), .tensor(Tensor([1, 4], filledWith: 1)))
    let found = result.relevance.rowMajorElements()
    let notInPlace: [Float] = [2.7226643825, -0.9454196997, -1.8885915005]
    let inPlace: [Float] = [2.4999772508, -1.3750226738, -1.2499545770]
    for (index, value) in found.enumerated() {
      #expect(abs(value - notInPlace[index]) < 1e-6)
      #expect(abs(value - inPlace[index]) > 0.2, "what zennit gives in place")
    }
  }

  @Test("each input of a layer gets its own relevance")
  func severalInputs() throws {
    var builder = NetworkBuilder(name: "two_inputs")
    let left = builder.add("left", try TestNetworks.fullyConnected(4, 3, seed: 1), from: [0])
    let right = builder.add("right", try TestNetworks.fullyConnected(4, 3, seed: 2), from: [0])
    builder.add("sum", Sum(), from: [left, right])
    let network = try builder.build()
    var gradient = try Gradient(
      network, composite: LayerMapComposite(layerMap: [LayerMapEntry(.sum, Norm(stabilizer: 0))]))
    gradient.keepsNodeRelevance = true
    let input = Tensor.random([2, 4], seed: 3)
    let activations = try network.forward(input)
    let result = try gradient.attribute(input, .output)
    // R = z, so each input's share is the input itself.
    for node in [left, right] {
      #expect(try #require(result.nodeRelevance[node]).deviation(from: activations[node]) < 1e-5)
    }
  }

  @Test("a name that no layer has is an error")
  func unknownNames() throws {
    let composite = NameMapComposite(nameMap: [NameMapEntry(["feature.0"], Flat())])
    let error = #expect(throws: NetworkError.self) { _ = try composite.apply(to: TestNetworks.vgg()) }
    #expect(error.map { "\($0)".contains("did you mean 'features.0'?") } == true)
  }

  @Test("a composite without names works")
  func emptyNameLayerMap() throws {
    let composite = NameLayerMapComposite(layerMap: [LayerMapEntry(.linear, Epsilon())])
    let plain = LayerMapComposite(layerMap: [LayerMapEntry(.linear, Epsilon())])
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()
    #expect(try relevance(network, composite, input).isIdentical(to: relevance(network, plain, input)))
  }

  @Test("merging leaves the network's parameters alone")
  func canonizersArePure() throws {
    let network = try TestNetworks.residual()
    func parameters() -> [Tensor] {
      network.nodes.compactMap { $0.layer as? any ParameterizedLayer }.flatMap {
        [$0.weight] + ($0.bias.map { [$0] } ?? [])
      }
    }
    let before = parameters()
    var options = PresetOptions()
    options.canonizers = [ResNetCanonizer()]
    _ = try relevance(network, Preset.epsilonPlus.composite(options), TestNetworks.picture())
    #expect(zip(before, parameters()).allSatisfy { $0.isIdentical(to: $1) })
  }

  @Test("a rule that cannot hand on what it gets says so")
  func passOnOtherShapes() throws {
    let composite = NameMapComposite(nameMap: [NameMapEntry(["features.4"], Pass())])
    let error = #expect(throws: LRPError.self) {
      _ = try relevance(TestNetworks.vgg(), composite, TestNetworks.picture())
    }
    #expect(
      error.map { "\($0)" }
        == "layer features.4, rule Pass: the layer turns (2, 8, 12, 12) into (2, 8, 6, 6); Pass needs one that keeps the shape"
    )
  }

  @Test("the stabilizer of a basic rule is used where no gradient mapper is given")
  func basicRuleStabilizer() throws {
    let network = try TestNetworks.single(TestNetworks.fullyConnected(6, 4, seed: 1))
    let input = Tensor.random([2, 6], seed: 2)
    func relevance(_ rule: any Rule) throws -> Tensor {
      try self.relevance(network, NameMapComposite(nameMap: [NameMapEntry(["layer"], rule)]), input)
    }
    #expect(try relevance(BasicRule(stabilizer: 0.5)).deviation(from: relevance(Epsilon(epsilon: 0.5))) < 1e-6)
  }

  @Test("a batch norm behind a grouped transposed convolution is merged")
  func groupedTransposed() throws {
    var builder = NetworkBuilder(name: "grouped")
    builder.add(
      "up",
      try Convolution(
        geometry: ConvolutionGeometry(rank: 2, stride: 2, groups: 2, isTransposed: true),
        weight: .random([4, 3, 2, 2], seed: 1, layout: .rowMajor), bias: .random([6], seed: 2)))
    builder.add("norm", try TestNetworks.batchNorm(6, seed: 3))
    let network = try builder.build()
    let input = Tensor.random([2, 4, 5, 5], seed: 4)
    for canonizer in [SequentialMergeBatchNorm(), GraphMergeBatchNorm()] as [any Canonizer] {
      let merged = try canonizer.apply(to: network)
      let outputs = try merged.forward(input)
      #expect(try outputs[2].deviation(from: network.forward(input)[2]) < 2e-6)
      #expect(outputs[2].isIdentical(to: outputs[1]))
    }
  }

  @Test("a batch norm over C stays where it follows a fully connected layer over L")
  func normOfRows() throws {
    var builder = NetworkBuilder(name: "rows", inputRank: 3)
    builder.add("linear", try TestNetworks.fullyConnected(8, 4, seed: 1))
    builder.add("norm", try TestNetworks.batchNorm(4, seed: 2, kind: .batchNorm1d))
    let network = try builder.build()
    let input = Tensor.random([2, 4, 8], seed: 3)
    let canonized = try SequentialMergeBatchNorm().apply(to: network)
    #expect(try canonized.forward(input)[2].isIdentical(to: network.forward(input)[2]))
    #expect(try #require(canonized.nodes[2].layer as? any BatchNormalizing).epsilon == 1e-5)
  }

  @Test("a constant at the output leaves the rule of the last layer in the gradient of the attribution")
  func constantAtTheOutput() throws {
    // One layer under Epsilon: A(x) = x · wᵀ (1 / stab(z)), which depends on x though 1 does not.
    let network = try TestNetworks.single(TestNetworks.fullyConnected(5, 3, seed: 1))
    let composite = LayerMapComposite(layerMap: [LayerMapEntry(.linear, Epsilon(epsilon: 1))])
    let input = Tensor.random([1, 5], seed: 2)
    let result = try AttributionGradient(network, composite: composite)
      .gradient(at: input, .one(.index(0))) { _ in Tensor([1, 5], filledWith: 1) }
    let layer = try #require(network.nodes[1].layer as? any ParameterizedLayer)
    let weight = layer.weight.rowMajorElements()[0..<5].map { Double($0) }
    let bias = Double(try #require(layer.bias).rowMajorElements()[0])
    let x = input.rowMajorElements().map { Double($0) }
    let sum = zip(weight, x).reduce(0.0) { $0 + $1.0 * $1.1 }
    let denominator = sum + bias + (sum + bias < 0 ? -1 : 1)
    for (found, weight) in zip(result.gradient.rowMajorElements(), weight) {
      // ∂(Σ w x / D)/∂x = w / D − w Σ w x / D².
      #expect(abs(Double(found) - (weight / denominator - weight * sum / (denominator * denominator))) < 1e-5)
    }
  }
}
