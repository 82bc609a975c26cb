import CompositeFiles
import Foundation
import LRP
import NeuralNetwork
import Testing

@Suite struct ReadingTests {
  @Test func readsEveryPartOfADocument() throws {
    let document = try read(
      """
      version: 1
      model: small   # a comment with an &anchor
      canonizers: [SequentialMergeBatchNorm, {NamedMergeBatchNorm: [{linear: [features.0], batch_norm: features.1}]}]
      name_map:
        - {names: [features.0], rule: ZBox, low: [-2.12, -2.04, -1.80], high: 2.64}
        - names:
            - features.3
            - "classifier.0"
          rule: Gamma
          gamma: .5
        - {names: [pool], rule: Epsilon, epsilon: {epsilon: 0.25, norm_scale: true, dim: [1, -1]}, zero_params: [bias]}
      first_map:
        - {types: [Convolution], rule: Flat}
      layer_map:
        - {types: [Activation, BatchNorm], rule: Pass}
        - {types: [Linear], rule: AlphaBeta, alpha: 2, beta: 1}
      """)
    #expect(document.model == "small")
    #expect(document.canonizers?.map(\.name) == ["SequentialMergeBatchNorm", "NamedMergeBatchNorm"])
    #expect(document.nameMap.map(\.names) == [["features.0"], ["features.3", "classifier.0"], ["pool"]])
    let box = try #require(document.nameMap[0].rule as? ZBox)
    #expect(box.low == .perChannel([-2.12, -2.04, -1.80]))
    #expect(box.high == .scalar(2.64))
    #expect((document.nameMap[1].rule as? Gamma)?.gamma == 0.5)
    let epsilon = try #require(document.nameMap[2].rule as? Epsilon)
    #expect(epsilon.epsilon == Stabilizer(0.25, normScale: true, dim: [1, -1]))
    #expect(epsilon.zeroParams == [.bias])
    #expect(document.firstMap.map { $0.types.map(\.name) } == [["Convolution"]])
    #expect(document.layerMap.map { $0.types.map(\.name) } == [["Activation", "BatchNorm"], ["Linear"]])
    #expect(document.layerMap[1].rule is AlphaBeta)
    #expect(document.warnings.isEmpty)
  }

  @Test func consultsNamesThenTheFirstLayerThenTypes() throws {
    let network = try smallNetwork()
    let document = try read(
      """
      version: 1
      name_map: [{names: [features.3], rule: Epsilon}]
      first_map: [{types: [Convolution], rule: Flat}]
      layer_map: [{types: [Convolution], rule: ZPlus}, {types: [Linear], rule: Gamma}]
      """, network: network)
    let assignment = try document.composite().apply(to: network)
    let rules = zip(network.nodes, assignment.matches).map { "\($0.path) \($1?.rule.name ?? "-")" }
    #expect(
      rules == [
        "input -", "features.0 Flat", "features.1 -", "features.2 -", "features.3 Epsilon", "features.4 -",
        "block.0.conv ZPlus", "block.0.add -", "pool -", "flatten -", "classifier.0 Gamma",
      ])
  }

  @Test func expandsGlobsAndRanges() throws {
    let network = try smallNetwork()
    func names(_ list: String) throws -> [String] {
      try read("version: 1\nname_map: [{names: [\(list)], rule: Epsilon}]", network: network).nameMap[0].names
    }
    #expect(try names("features.3..block.0.conv") == ["features.3", "features.4", "block.0.conv"])
    #expect(try names("features.*") == ["features.0", "features.1", "features.2", "features.3", "features.4"])
    #expect(try names("\"*.0\"") == ["features.0", "classifier.0"])
    #expect(try names("\"*o*\"") == ["block.0.conv", "pool"])
    #expect(try names("pool, features.0..features.1") == ["pool", "features.0", "features.1"])
    #expect(try names("pool..pool") == ["pool"])
  }

  @Test func theFirstEntryThatNamesALayerWins() throws {
    let document = try read(
      """
      version: 1
      name_map:
        - {names: [features.0], rule: Flat}
        - {names: [features.*], rule: Gamma}
      """, network: smallNetwork())
    #expect(
      document.nameMap.map(\.names) == [
        ["features.0"], ["features.1", "features.2", "features.3", "features.4"],
      ])
  }

  @Test func layersThatCanonizersAddCanBeNamed() throws {
    let network = try residualNetwork()
    let text = "version: 1\nname_map: [{names: [block.0.canonizer_sum], rule: Norm}]"
    #expect(try read(text, network: network, canonizers: [ResNetCanonizer()]).nameMap.count == 1)
    #expect(try read("canonizers: [ResNetCanonizer]\n" + text, network: network).nameMap.count == 1)
    #expect(message { _ = try read(text, network: network) }.contains("no layer of small"))
    #expect(
      message { _ = try read("canonizers: []\n" + text, network: network, canonizers: [ResNetCanonizer()]) }
        .contains("no layer of small"))
    #expect(
      try read(
        "version: 1\nname_map: [{names: [block.*], rule: Norm}]", network: network, canonizers: [ResNetCanonizer()]
      )
      .nameMap[0].names == ["block.0.conv1", "block.0.relu", "block.0.conv2", "block.0.canonizer_sum"])
  }

  @Test func warnsOfAnotherModelAndOfEntriesNeverReached() throws {
    let text = """
      version: 1
      model: large
      layer_map:
        - {types: [Linear], rule: Epsilon}
        - {types: [Convolution], rule: Gamma}
      """
    #expect(
      try read(text, network: smallNetwork()).warnings == [
        "c.yaml: made for the model large, used with small",
        "c.yaml:5:14: layer_map: Convolution is never reached; entries above have all of it",
      ])
    #expect(try read("version: 1\nmodel: small", network: smallNetwork()).warnings.isEmpty)
  }

  @Test func readsFiles() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/c.yaml"
    try Data("version: 1\nmodel: x\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try CompositeDocument(contentsOf: path).model == "x")
    #expect(message { _ = try CompositeDocument(contentsOf: folder.path + "/none.yaml") }.contains("none.yaml"))
    try Data([0x76, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
    #expect(message { _ = try CompositeDocument(contentsOf: path) }.contains("not UTF-8"))
    try Data(count: CompositeDocument.largestSize + 1).write(to: URL(fileURLWithPath: path))
    #expect(message { _ = try CompositeDocument(contentsOf: path) }.contains("at most 1048576"))
  }
}
