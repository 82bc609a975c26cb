import LRP
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

/// Which layer of torchvision's networks gets which rule, looked up naively in the maps.
struct PresetAssignmentTests {
  static let presets = Preset.all.map(\.name)
  static let models = ["vgg11", "resnet18"]

  /// Each made once: VGG's parameters are large.
  private static let networks: [String: Network] = Dictionary(
    uniqueKeysWithValues: ["vgg11", "resnet18", "resnet50"].compactMap { name in
      (try? ModelZoo.load(name, classes: 4, seed: 1).network).map { (name, $0) }
    })

  private struct Setting {
    let network: Network
    let maps: CompositeMaps
    let composite: any Composite
  }

  private static func setting(_ preset: String, _ model: String, canonizers: [any Canonizer] = []) throws -> Setting {
    var options = PresetOptions()
    (options.low, options.high, options.canonizers) = (-3, 3, canonizers)
    let preset = try Preset.named(preset)
    return Setting(
      network: try #require(networks[model]), maps: try preset.maps(options),
      composite: try preset.composite(options))
  }

  private static func kinds(_ network: Network) -> [(path: String, kind: LayerKind)] {
    network.registrationOrder.compactMap { path in
      network.nodes.first { $0.path == path }.map { (path, $0.layer.kind) }
    }
  }

  private static func first(_ map: [LayerMapEntry], _ kind: LayerKind) -> (any Rule)? {
    map.first { entry in entry.types.contains { $0.contains(kind) } }?.rule
  }

  /// Path to rule, by the maps: the first layer that the first map has an answer for, else the layer map.
  private static func expected(_ maps: CompositeMaps, _ network: Network) -> [String: String] {
    var result: [String: String] = [:]
    var isFirst = true
    for (path, kind) in kinds(network) {
      if isFirst, let rule = first(maps.firstMap, kind) {
        result[path] = rule.summary
        isFirst = false
      } else {
        result[path] = first(maps.layerMap, kind)?.summary
      }
    }
    return result
  }

  private static func found(_ composite: some Composite, _ network: Network) throws -> [String: String] {
    let assignment = try composite.apply(to: network)
    var result: [String: String] = [:]
    for (node, match) in zip(assignment.network.nodes, assignment.matches) { result[node.path] = match?.rule.summary }
    return result
  }

  /// A name map that says what the layer map says.
  private static func nameMap(_ maps: CompositeMaps, _ network: Network) -> [NameMapEntry] {
    kinds(network).compactMap { path, kind in first(maps.layerMap, kind).map { NameMapEntry([path], $0) } }
  }

  @Test("layer maps, and first layers, are followed", arguments: presets, models)
  func layerMaps(preset: String, model: String) throws {
    let setting = try Self.setting(preset, model)
    let expected = Self.expected(setting.maps, setting.network)
    #expect(!expected.isEmpty)
    #expect(try Self.found(setting.composite, setting.network) == expected)
  }

  @Test("name maps are followed", arguments: presets, models)
  func nameMaps(preset: String, model: String) throws {
    let setting = try Self.setting(preset, model)
    let composite = NameMapComposite(nameMap: Self.nameMap(setting.maps, setting.network))
    var plain = setting.maps
    plain.firstMap = []
    #expect(try Self.found(composite, setting.network) == Self.expected(plain, setting.network))
  }

  @Test("in mixed composites names come first, and the first layer stays the one it is", arguments: presets, models)
  func mixed(preset: String, model: String) throws {
    let setting = try Self.setting(preset, model)
    let names = Self.kinds(setting.network).enumerated().filter { $0.offset % 3 == 1 }.map(\.element.path)
    let composite = MixedComposite(composites: [
      NameMapComposite(nameMap: [NameMapEntry(names, WSquare(stabilizer: 0.5))]), setting.composite,
    ])
    var expected = Self.expected(setting.maps, setting.network)
    for name in names { expected[name] = WSquare(stabilizer: 0.5).summary }
    #expect(try Self.found(composite, setting.network) == expected)
  }

  @Test("names come before types", arguments: presets, models)
  func nameLayerMaps(preset: String, model: String) throws {
    let setting = try Self.setting(preset, model)
    let named = Self.kinds(setting.network).enumerated().filter { $0.offset % 4 == 2 }.map(\.element.path)
    let composite = NameLayerMapComposite(
      nameMap: [NameMapEntry(named, Flat(stabilizer: 0.5))], layerMap: setting.maps.layerMap)
    var plain = setting.maps
    plain.firstMap = []
    var expected = Self.expected(plain, setting.network)
    for name in named { expected[name] = Flat(stabilizer: 0.5).summary }
    #expect(try Self.found(composite, setting.network) == expected)
  }

  @Test("the base map is the reference's: activations, sums, averages, batch norms, with the stabilizer")
  func baseMap() {
    let base = [LayerMapEntry].base(stabilizer: 0.5)
    func summary(_ kind: LayerKind) -> String? { Self.first(base, kind)?.summary }
    #expect(LayerType.activation.kinds.allSatisfy { summary($0) == "Pass" })
    #expect(LayerType.avgPool.kinds.union([.sum]).allSatisfy { summary($0) == "Norm stabilizer=0.5" })
    #expect(LayerType.batchNorm.kinds.allSatisfy { summary($0) == "Pass" })
    #expect(LayerType.linear.kinds.union(LayerType.maxPool.kinds).allSatisfy { summary($0) == nil })
  }

  @Test("the canonizer names a sum in every block, of either kind", arguments: [("resnet18", 8), ("resnet50", 16)])
  func sums(model: String, blocks: Int) throws {
    let setting = try Self.setting("epsilon_plus", model, canonizers: [ResNetCanonizer()])
    let found = try Self.found(setting.composite, setting.network)
    let sums = found.filter { $0.key.hasSuffix(".canonizer_sum") }
    #expect(sums.count == blocks && sums.values.allSatisfy { $0 == "Norm" })
    let network = try setting.composite.apply(to: setting.network).network
    #expect(!network.nodes.contains { $0.layer.kind == .add })
  }
}
