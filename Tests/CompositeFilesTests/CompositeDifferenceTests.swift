import CompositeFiles
import LRP
import NeuralNetwork
import Testing

@Suite struct CompositeDifferenceTests {
  @Test func namesWhatDiffers() throws {
    let first = CompositeDocument(
      model: "a", nameMap: [NameMapEntry(["x", "y"], Gamma())], layerMap: [LayerMapEntry(.relu, Pass())])
    let second = CompositeDocument(
      model: "a", canonizers: [VGGCanonizer()],
      nameMap: [NameMapEntry(["x"], Gamma()), NameMapEntry(["y"], try Gamma(gamma: 0.5)), NameMapEntry(["z"], Flat())],
      layerMap: [LayerMapEntry(.convolution, ZPlus()), LayerMapEntry(.relu, Pass())])
    let difference = CompositeDifference(first, second)
    #expect(difference.items.map(\.place) == ["canonizers", "y", "z", "layer_map: Convolution"])
    #expect(difference.items[0].second == "[VGGCanonizer]")
    #expect(difference.items[1].first == "Gamma, gamma: 0.25, stabilizer: 1e-6")
    #expect(difference.items[1].second == "Gamma, gamma: 0.5, stabilizer: 1e-6")
    #expect(difference.items[2].first == nil)
    #expect(CompositeDifference(first, first).isEmpty)
  }

  @Test func onANetworkItComparesWhatLayersGet() throws {
    let network = try smallNetwork()
    let byType = CompositeDocument(layerMap: [LayerMapEntry(.convolution, Gamma())])
    let byName = CompositeDocument(rules: [("features.0", Gamma()), ("features.3", Gamma()), ("pool", Norm())])
    let difference = CompositeDifference(
      try byType.composite().apply(to: network), try byName.composite().apply(to: network))
    #expect(difference.items.map(\.place) == ["block.0.conv", "pool"])
    #expect(difference.items[0].second == "gradient")
  }
}
