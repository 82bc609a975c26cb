import Foundation
import LRP
import ModelFormats
import NeuralNetwork
import Tensors
import Testing

@Suite(.parityFigures("parameters"))
struct ParameterRelevanceTests {
  /// `Tests/Fixtures/parameters`: shares of parameters from the parts of the reference's rules.
  struct Fixture: Decodable, Sendable {
    struct Case: Decodable, Sendable {
      let layer: String
      let rule: String
      let parameters: [String: JSONValue]
      let results: [String: GoldenResult]
    }
    let cases: [Case]

    static let folder = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/parameters")

    static func load() throws -> Fixture {
      try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: folder.appending(path: "parameters.json")))
    }
  }

  static let fixture = try? Fixture.load()
  static let layers: [GoldenLayer] = {
    let named = Set((fixture?.cases ?? []).map(\.layer))
    let all = (try? GoldenFiles.manifest("rules", as: GoldenRules.self).layers) ?? []
    return all.filter { named.contains($0.name) }
  }()

  private static func attribution(_ layers: [any Layer], _ rule: any Rule, _ input: Tensor, _ relevance: Tensor) throws
    -> Attribution
  {
    var builder = NetworkBuilder(name: "parameters")
    for (index, layer) in layers.enumerated() { builder.add(index == layers.count - 1 ? "layer" : "before", layer) }
    var gradient = try Gradient(
      builder.build(), composite: NameMapComposite(nameMap: [NameMapEntry(["layer"], rule)]))
    gradient.keepsParameterRelevance = true
    gradient.keepsLedger = true
    gradient.keepsNodeRelevance = true
    return try gradient.attribute(input, .tensor(relevance))
  }

  @Test("the fixture covers the linear layers and the rules that are sums of passes")
  func fixtureIsThere() throws {
    let fixture = try Fixture.load()
    #expect(Self.layers.count >= 25)
    #expect(
      Set(fixture.cases.map(\.rule)) == [
        "Epsilon", "Norm", "ZPlus", "AlphaBeta", "Gamma", "ZBox", "WSquare", "Flat",
      ])
  }

  @Test("shares equal those made from the reference's rules, and add up to the inputs' relevance", arguments: layers)
  func golden(layer: GoldenLayer) throws {
    let expected = try SafetensorsFile(path: Fixture.folder.appending(path: "parameters.safetensors").path)
    let tensors = try GoldenFiles.tensors("rules")
    let layers = try GoldenLayers.make(layer, tensors)
    let input = try tensors.tensor(try #require(layer.inputs["mixed"])).converted(to: .channelsLast)
    let relevance = try tensors.tensor(layer.relevance).converted(to: .channelsLast)
    for golden in (Self.fixture?.cases ?? []).filter({ $0.layer == layer.name }) {
      let name = "\(layer.name) \(golden.rule) \(golden.parameters)"
      let rule = try #require(try GoldenBuilding.rule(golden.rule, golden.parameters))
      let result = try Self.attribution(layers, rule, input, relevance)
      let found = result.parameterTensors
      #expect(Set(found.keys) == Set(golden.results.keys.map { "layer.\($0)" }), "\(name)")
      for (key, golden) in golden.results {
        let tensor = try #require(found["layer.\(key)"])
        let exact = try expected.tensor(golden.key)
        #expect(tensor.shape == exact.shape)
        GoldenComparison.check(
          tensor, exact, golden, group: "parameters", name: "\(name), \(key)", headings: ["parameters/all"])
      }
      let entry = try #require(result.ledger?.entries.last)
      let size = entry.summary.positive - entry.summary.negative + 1
      let weights = try #require(found["layer.weight"]).sum()
      #expect(abs(weights - entry.incoming.reduce(0, +)) <= 1e-5 * size, "\(name)")
      let bias = found["layer.bias"]?.sum() ?? 0
      #expect(abs(bias - entry.bias.reduce(0, +)) <= 1e-5 * size, "\(name)")
    }
  }

  private static func composite(_ canonizers: [any Canonizer] = []) -> LayerMapComposite {
    LayerMapComposite(
      layerMap: [LayerMapEntry(.convolution, Gamma()), LayerMapEntry(.fullyConnected, Epsilon(epsilon: 0.01))]
        + .base(),
      canonizers: canonizers)
  }

  @Test("in a network every linear layer's shares add up to its line of the ledger")
  func network() throws {
    for (network, canonizers) in [
      (try TestNetworks.vgg(), []), (try TestNetworks.residual(), [ResNetCanonizer()]),
    ] as [(Network, [any Canonizer])] {
      var gradient = try Gradient(network, composite: Self.composite(canonizers))
      gradient.keepsLedger = true
      let plain = try gradient.attribute(TestNetworks.picture(), .logit(.top1))
      #expect(plain.parameterRelevance.isEmpty)
      gradient.keepsParameterRelevance = true
      let result = try gradient.attribute(TestNetworks.picture(), .logit(.top1))
      // Asking for more changes nothing else.
      #expect(result.relevance.isIdentical(to: plain.relevance))
      let linear = network.nodes.filter { LayerType.linear.contains($0.layer.kind) }.map(\.path)
      #expect(result.parameterRelevance.map(\.path) == linear)
      for share in result.parameterRelevance {
        let entry = try #require(result.ledger?.entries.first { $0.name == share.path })
        let size = entry.summary.positive - entry.summary.negative
        #expect(abs(share.weight.sum() - entry.incoming.reduce(0, +)) <= 1e-5 * size, "\(share.path)")
        #expect(abs((share.bias?.sum() ?? 0) - entry.bias.reduce(0, +)) <= 1e-5 * size, "\(share.path)")
      }
    }
  }

  @Test("layers without a rule that shares relevance out have none")
  func gradients() throws {
    var gradient = try Gradient(TestNetworks.vgg(), composite: Preset.guidedBackprop.composite())
    gradient.keepsParameterRelevance = true
    #expect(try gradient.attribute(TestNetworks.picture(), .output).parameterRelevance.isEmpty)
  }

  @Test("the shares of a batch are the sum of those of its samples, and those of a reused module of its uses")
  func sums() throws {
    let layer = try TestNetworks.convolution(3, 3, seed: 8)
    var builder = NetworkBuilder(name: "twice")
    builder.add("conv", layer)
    builder.add("conv", layer)
    let twice = try builder.build()
    builder = NetworkBuilder(name: "apart")
    builder.add("first", layer)
    builder.add("second", layer)
    let apart = try builder.build()
    func shares(_ network: Network, _ input: Tensor) throws -> [ParameterRelevance] {
      var gradient = try Gradient(
        network, composite: LayerMapComposite(layerMap: [LayerMapEntry(.linear, ZPlus())]))
      gradient.keepsParameterRelevance = true
      return try gradient.attribute(input, .output).parameterRelevance
    }
    let input = TestNetworks.picture(batch: 3)
    let whole = try shares(twice, input)
    #expect(whole.map(\.path) == ["conv"])
    let uses = try shares(apart, input)
    #expect(whole[0].weight.deviation(from: uses[0].weight + uses[1].weight) < 1e-6)
    let samples = try (0..<3).map { try shares(twice, input.sample($0))[0].weight }
    #expect(whole[0].weight.deviation(from: samples[0] + samples[1] + samples[2]) < 1e-5)
  }
}
