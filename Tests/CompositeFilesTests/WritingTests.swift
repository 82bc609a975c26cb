import CompositeFiles
import FileSystem
import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

@Suite struct WritingTests {
  @Test func writesOneLinePerRuleAndParameterSet() throws {
    let document = CompositeDocument(
      model: "vgg16_bn", canonizers: [VGGCanonizer()],
      rules: [
        ("features.0", ZBox(low: .perChannel([-2.12, -2.04]), high: .scalar(2.25))),
        ("features.3", Gamma()), ("features.4", Pass()), ("features.7", Gamma()),
        ("classifier.0", Epsilon(epsilon: Stabilizer(0.25, normScale: true), zeroParams: [.bias])),
        ("features.3", Flat()), ("classifier.3", Epsilon(epsilon: 1e-05)),
      ])
    #expect(
      document.yaml() == """
        version: 1
        model: vgg16_bn
        canonizers: [VGGCanonizer]
        name_map:
          - {names: [features.0], rule: ZBox, low: [-2.12, -2.04], high: 2.25, stabilizer: 1e-6}
          - {names: [features.3, features.7], rule: Gamma, gamma: 0.25, stabilizer: 1e-6}
          - {names: [features.4], rule: Pass}
          - {names: [classifier.0], rule: Epsilon, epsilon: {epsilon: 0.25, norm_scale: true}, zero_params: [bias]}
          - {names: [classifier.3], rule: Epsilon, epsilon: 1e-5}

        """)
    #expect(CompositeDocument().yaml() == "version: 1\n")
    #expect(CompositeDocument(canonizers: []).yaml() == "version: 1\ncanonizers: []\n")
  }

  @Test func familiesOfOnesOwnAreWrittenAsTheirKinds() throws {
    let gates = LayerType("Gates", [.sigmoid, .tanh])
    let document = CompositeDocument(layerMap: [LayerMapEntry([gates, .convolution], Pass())])
    #expect(document.yaml().contains("types: [Sigmoid, Tanh, Convolution]"))
    #expect(document.python().contains("(torch.nn.Sigmoid, torch.nn.Tanh, Convolution,)"))
    let back = try read(document.yaml())
    #expect(
      back.layerMap[0].types.map(\.kinds).reduce(Set()) { $0.union($1) }
        == gates.kinds.union(LayerType.convolution.kinds))
  }

  @Test func presetsAreWrittenAsTheirMaps() throws {
    let maps = try Preset.epsilonPlusFlat.maps()
    let document = CompositeDocument(firstMap: maps.firstMap, layerMap: maps.layerMap)
    #expect(
      document.yaml() == """
        version: 1
        first_map:
          - {types: [Linear], rule: Flat, stabilizer: 1e-6}
        layer_map:
          - {types: [Activation], rule: Pass}
          - {types: [Sum, GatedProduct, GatedRecurrence], rule: Norm, stabilizer: 1e-6}
          - {types: [AvgPool], rule: Norm, stabilizer: 1e-6}
          - {types: [BatchNorm], rule: Pass}
          - {types: [Convolution], rule: ZPlus, stabilizer: 1e-6}
          - {types: [FullyConnected], rule: Epsilon, epsilon: 1e-6}

        """)
  }

  @Test func writesLayerOrderWhateverTheOrderOfEdits() throws {
    let network = try smallNetwork()
    let document = CompositeDocument(nameMap: [
      NameMapEntry(["pool", "features.3"], Norm()), NameMapEntry(["features.0"], Flat()), NameMapEntry(["x"], Flat()),
    ])
    let ordered = document.inOrder(of: network)
    #expect(ordered.nameMap.map(\.names) == [["features.0", "x"], ["features.3", "pool"]])
  }

  @Test func anAssignmentBecomesADocumentThatGivesTheSameRules() throws {
    let network = try smallNetwork()
    let assignment = try Preset.epsilonPlusFlat.composite().apply(to: network)
    let document = CompositeDocument(of: assignment, model: "small")
    let again = try read(document.yaml(), network: network).composite().apply(to: network)
    #expect(CompositeDifference(assignment, again).isEmpty)
    #expect(
      document.nameMap.map(\.names) == [
        ["features.0"], ["features.1", "features.4"], ["features.3", "block.0.conv"], ["pool"], ["classifier.0"],
      ])
  }

  @Test(arguments: 0..<300) func randomDocumentsReadBackBitForBit(_ seed: Int) throws {
    var documents = RandomDocuments(generator: SplitMix64(seed: UInt64(seed)))
    let document = try documents.document()
    let text = document.yaml()
    let copy = try read(text)
    #expect(copy.yaml() == text)
    #expect(copy.model == document.model)
    #expect(copy.canonizers?.map(\.identity) == document.canonizers?.map(\.identity))
    let rules = { (map: [NameMapEntry]) in
      Dictionary(map.flatMap { entry in entry.names.map { ($0, entry.rule) } }) { first, _ in first }
    }
    let (left, right) = (rules(document.nameMap), rules(copy.nameMap))
    #expect(left.keys.sorted() == right.keys.sorted())
    for (name, rule) in left { try expectSameBits(rule, #require(right[name])) }
    for (left, right) in [(document.firstMap, copy.firstMap), (document.layerMap, copy.layerMap)] {
      #expect(left.map(\.types) == right.map(\.types))
      for (a, b) in zip(left, right) { try expectSameBits(a.rule, b.rule) }
    }
  }

  /// Numbers compare by bit pattern, so that minus zero counts.
  private func expectSameBits(_ a: any Rule, _ b: any Rule) throws {
    #expect(a.name == b.name)
    #expect(AnyHashable(a) == AnyHashable(b))
    for (x, y) in zip(a.parameters, b.parameters) {
      switch (x.value, y.value) {
      case (.number(let x), .number(let y)), (.bound(.scalar(let x)), .bound(.scalar(let y))):
        #expect(x.bitPattern == y.bitPattern)
      case (.bound(.tensor(let x)), .bound(.tensor(let y))):
        #expect(x.rowMajorElements().map(\.bitPattern) == y.rowMajorElements().map(\.bitPattern))
      default: break
      }
    }
  }

  @Test func writesFilesWholeOrNotAtAll() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/c.yaml"
    let document = CompositeDocument(model: "x", rules: [("a", Flat())])
    try document.write(to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == document.yaml())
    #expect(throws: FileError.alreadyExists(path: path)) { try document.write(to: path, overwriting: false) }
    let own = CompositeDocument(canonizers: [AttributeCanonizer { _ in nil }])
    #expect(message { try own.write(to: path) }.contains("AttributeCanonizer has no form in a composite file"))
    let function = CompositeDocument(rules: [("a", Epsilon(epsilon: Stabilizer(named: "floor") { $0 }))])
    #expect(message { try function.write(to: path) }.contains("not written"))
    let infinite = CompositeDocument(rules: [("a", Epsilon(epsilon: Stabilizer(.infinity)))])
    #expect(message { try infinite.write(to: path) }.contains("not written"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == document.yaml())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["c.yaml"])
  }
}
