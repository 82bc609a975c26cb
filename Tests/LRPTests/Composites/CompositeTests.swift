import LRP
import NeuralNetwork
import Tensors
import Testing

struct CompositeTests {
  @Test("a family of one's own serves in maps")
  func ownFamily() throws {
    let spatial = LayerType("Spatial", [.conv2d, .maxPool2d])
    let network = try TestNetworks.vgg()
    let rules = try Self.rules(LayerMapComposite(layerMap: [LayerMapEntry(spatial, Norm())]), network)
    #expect(rules.keys.sorted() == ["features.0", "features.2", "features.4", "features.5"])
    #expect(spatial.named.map(\.name) == ["Conv2d", "MaxPool2d"] && LayerType.linear.named == [.linear])
  }

  /// Node name to `rule: reason`.
  private static func rules(_ composite: some Composite, _ network: Network) throws -> [String: String] {
    let assignment = try composite.apply(to: network)
    var found: [String: String] = [:]
    for (node, match) in zip(assignment.network.nodes, assignment.matches) {
      if let match { found[node.name] = "\(match.rule.summary) (\(match.reason))" }
    }
    return found
  }

  @Test("the first matching entry of a layer map wins")
  func layerMap() throws {
    let composite = LayerMapComposite(layerMap: [
      LayerMapEntry(.convolution, ZPlus()), LayerMapEntry(.linear, Epsilon()), LayerMapEntry(.convolution, Flat()),
      LayerMapEntry([.maxPool, .avgPool], Norm()),
    ])
    #expect(
      try Self.rules(composite, TestNetworks.vgg()) == [
        "features.0": "ZPlus (layer_map: Convolution)", "features.2": "ZPlus (layer_map: Convolution)",
        "features.5": "ZPlus (layer_map: Convolution)", "classifier.0": "Epsilon (layer_map: Linear)",
        "classifier.2": "Epsilon (layer_map: Linear)", "features.4": "Norm (layer_map: MaxPool)",
        "avgpool": "Norm (layer_map: AvgPool)",
      ])
  }

  @Test("the first layer is the first that the first map matches, in registration order, and only that")
  func firstMap() throws {
    func composite(_ type: LayerType) -> SpecialFirstLayerMapComposite {
      SpecialFirstLayerMapComposite(
        layerMap: [LayerMapEntry(.linear, Epsilon())], firstMap: [LayerMapEntry(type, Flat())])
    }
    let network = try TestNetworks.vgg()
    let flat = { (rules: [String: String]) in rules.filter { $0.value.hasPrefix("Flat") }.map(\.key) }
    #expect(flat(try Self.rules(composite(.linear), network)) == ["features.0"])
    #expect(flat(try Self.rules(composite(.fullyConnected), network)) == ["classifier.0"])
    // Registered first, though used last.
    let turned = try Network(
      name: "turned", nodes: network.nodes, registrationOrder: network.registrationOrder.reversed())
    #expect(flat(try Self.rules(composite(.linear), turned)) == ["classifier.2"])
    #expect(flat(try Self.rules(composite(.convolution), turned)) == ["features.5"])
    // A composite can be used again: it has no memory of its own.
    let again = composite(.linear)
    #expect(try Self.rules(again, network) == Self.rules(again, network))
  }

  @Test("names are exact; the first entry that names a module wins; later uses of a module have its rule")
  func nameMap() throws {
    let composite = NameMapComposite(nameMap: [
      NameMapEntry(["conv1", "layer1.0.relu"], Flat()), NameMapEntry(["conv1", "fc"], Epsilon()),
    ])
    #expect(
      try Self.rules(composite, TestNetworks.residual()) == [
        "conv1": "Flat (name_map: entry 1)", "layer1.0.relu": "Flat (name_map: entry 1)",
        "layer1.0.relu#2": "Flat (name_map: entry 1)", "fc": "Epsilon (name_map: entry 2)",
      ])
  }

  @Test("an unknown layer is an error that names the nearest one")
  func unknownLayer() throws {
    let composite = NameMapComposite(nameMap: [NameMapEntry(["features.0", "clasifier.2"], Flat())])
    let error = #expect(throws: NetworkError.self) { _ = try composite.apply(to: TestNetworks.vgg()) }
    #expect("\(try #require(error))".contains("no layer 'clasifier.2' in small_vgg; did you mean 'classifier.2'?"))
  }

  @Test("an addition without a module takes no rule, until a canonizer makes it a layer")
  func plainAddition() throws {
    let plain = NameMapComposite(nameMap: [NameMapEntry(["layer1.0.add"], Norm())])
    let error = #expect(throws: LRPError.self) { _ = try plain.apply(to: TestNetworks.residual()) }
    let message = "\(try #require(error))"
    #expect(message.contains("layer1.0.add") && message.contains("ResNetCanonizer"))
    let named = NameMapComposite(
      nameMap: [NameMapEntry(["layer1.0.canonizer_sum"], Norm())], canonizers: [ResNetCanonizer()])
    #expect(try Self.rules(named, TestNetworks.residual()).keys.sorted() == ["layer1.0.canonizer_sum"])
  }

  @Test("of mixed composites the first that answers wins; each keeps its own idea of the first layer")
  func mixed() throws {
    let names = NameMapComposite(nameMap: [NameMapEntry(["features.0"], WSquare())])
    let first = SpecialFirstLayerMapComposite(
      layerMap: [LayerMapEntry(.convolution, ZPlus())], firstMap: [LayerMapEntry(.convolution, Flat())])
    let rules = try Self.rules(
      MixedComposite(
        composites: [names, first, LayerMapComposite(layerMap: [LayerMapEntry(.linear, Epsilon())])]),
      TestNetworks.vgg())
    // The flat rule was meant for features.0, which has another one; it does not move on to features.2.
    #expect(rules["features.0"] == "WSquare (name_map: entry 1)")
    #expect(rules["features.2"] == "ZPlus (layer_map: Convolution)")
    #expect(rules["classifier.0"] == "Epsilon (layer_map: Linear)")
    #expect(rules["features.1"] == nil)
  }

  @Test("canonizers of mixed composites: its own, then those of its parts")
  func mixedCanonizers() {
    let inner = LayerMapComposite(layerMap: [], canonizers: [VGGCanonizer()])
    let mixed = MixedComposite(composites: [inner, inner], canonizers: [ResNetCanonizer()])
    #expect(mixed.canonizers.map(\.name) == ["ResNetCanonizer", "VGGCanonizer", "VGGCanonizer"])
  }

  @Test("names go before types; both maps may be left out")
  func nameLayerMap() throws {
    let composite = NameLayerMapComposite(
      nameMap: [NameMapEntry(["features.2"], Flat())], layerMap: [LayerMapEntry(.convolution, ZPlus())])
    #expect(
      try Self.rules(composite, TestNetworks.vgg()) == [
        "features.0": "ZPlus (layer_map: Convolution)", "features.2": "Flat (name_map: entry 1)",
        "features.5": "ZPlus (layer_map: Convolution)",
      ])
    #expect(try Self.rules(NameLayerMapComposite(), TestNetworks.vgg()).isEmpty)
  }

  @Test("normalisations that no rule reaches are warned of, unless nothing has a rule")
  func warnings() throws {
    let layers: [(String, any Layer)] = [
      ("layer_norm", try LayerNorm(weight: Tensor([8], filledWith: 1), bias: nil)),
      ("group_norm", try GroupNorm(groups: 1, channels: 3)),
      ("instance_norm", try GroupNorm(groups: 3, channels: 3, kind: .instanceNorm2d)),
    ]
    var builder = NetworkBuilder(name: "normalised")
    builder.add("conv", try TestNetworks.convolution(3, 3, seed: 1))
    for (name, layer) in layers { builder.add(name, layer) }
    let network = try builder.build()
    let rules = [LayerMapEntry(.convolution, ZPlus())] + .base()
    let warnings = try LayerMapComposite(layerMap: rules).apply(to: network).warnings
    #expect(warnings.map { $0.prefix { $0 != ":" } } == layers.map { "layer \($0.0)" })
    #expect(warnings.first?.contains("LayerNorm has no rule: relevance goes through it as a plain gradient") == true)
    let named = NameMapComposite(nameMap: [NameMapEntry(layers.map(\.0), Pass())])
    #expect(try named.apply(to: network).warnings.isEmpty)
    #expect(Assignment(gradientOf: network).warnings.isEmpty)
    let picture = Tensor.random([2, 3, 8, 8], seed: 2)
    let result = try Gradient(network, composite: LayerMapComposite(layerMap: rules)).attribute(picture, .output)
    #expect(result.relevance.isFinite)
  }
}
