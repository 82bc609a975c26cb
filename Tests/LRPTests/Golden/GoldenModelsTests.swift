import LRP
import NeuralNetwork
import Tensors
import Testing

extension GoldenTests {
  /// Whole networks under the presets: relevance at the output of every module.
  @Suite(.serialized)
  struct Models {
    static let cases = GoldenFiles.cases("models_")

    @Test("all models have their cases, and each case its modules")
    func manifests() throws {
      let models = try GoldenFiles.groups("models_").map { try GoldenFiles.manifest($0, as: GoldenModel.self) }
      #expect(
        Set(models.map(\.model)) == [
          "efficientnet_lite0", "fashion_mlp", "fashion_resnet", "fashion_vgg", "resnet18", "vgg11_bn",
        ])
      for model in models {
        let presets = Set(model.cases.compactMap(\.preset))
        #expect(model.model == "efficientnet_lite0" ? presets.count >= 3 : presets == Set(Preset.all.map(\.name)))
        #expect(model.cases.allSatisfy { $0.results.count > 5 && $0.results["input"] != nil })
      }
    }

    @Test("relevance equals the reference's at every module", arguments: cases)
    func relevance(of argument: GoldenCase) throws { try GoldenNetworkRun(argument).check() }
  }

  /// Presets without shortcuts: `SumSingle` for every sum.
  @Suite(.serialized)
  struct Residuals {
    static let cases = GoldenFiles.cases("residual_")

    @Test("there are cases with and without biases")
    func manifests() { #expect(Self.cases.count == 2) }

    @Test("relevance equals the reference's at every module", arguments: cases)
    func relevance(of argument: GoldenCase) throws { try GoldenNetworkRun(argument).check() }
  }

  /// A random rule with random parameters for every layer: relevance of the pixels.
  @Suite(.serialized)
  struct Maps {
    static let cases = GoldenFiles.cases("maps_")

    @Test("there are maps")
    func manifests() {
      #expect(Self.cases.filter { $0.group == "maps_resnet18" }.count >= 10)
      #expect(Self.cases.filter { $0.group == "maps_vgg11_bn" }.count >= 6)
    }

    @Test("relevance equals the reference's", arguments: cases)
    func relevance(of argument: GoldenCase) throws { try GoldenNetworkRun(argument).check() }
  }
}

extension GoldenTests {
  /// As many more maps as anyone cares to make: see `Tests/Fixtures/README.md`.
  @Suite(
    .serialized, .parityFigures("random", areLimits: false),
    .enabled(if: GoldenFiles.moreMaps != nil, "set LRP_MORE_MAPS to a folder of fixtures"))
  struct MoreMaps {
    static let cases = GoldenFiles.moreMaps.map { GoldenFiles.cases("maps_", in: $0) } ?? []

    @Test("the folder holds maps")
    func manifests() { #expect(!Self.cases.isEmpty) }

    @Test("relevance equals the reference's", arguments: cases)
    func relevance(of argument: GoldenCase) throws { try GoldenNetworkRun(argument).check() }
  }
}

/// One case of a whole network.
struct GoldenNetworkRun {
  private let argument: GoldenCase
  private let model: GoldenModel
  private let golden: GoldenModelCase

  init(_ argument: GoldenCase) throws {
    self.argument = argument
    model = try GoldenFiles.manifest(argument.group, as: GoldenModel.self, in: argument.folder)
    golden = model.cases[argument.index]
  }

  func check() throws {
    let tensors = try GoldenFiles.tensors(argument.group, in: argument.folder)
    let network = try GoldenNetworks.network(model)
    let input = try GoldenNetworks.input(model, tensors)
    var gradient = try Gradient(network, composite: GoldenBuilding.composite(golden, canonizer: model.canonizer))
    gradient.keepsNodeRelevance = true
    gradient.keepsLedger = true
    let result = try gradient.attribute(input, GoldenBuilding.outputRelevance(golden))
    if let key = model.output {
      let expected = try tensors.tensor(key)
      let error = GoldenComparison.relativeError(result.output.rowMajorElements(), expected.rowMajorElements())
      #expect(error < 1e-4, "\(argument.testDescription): the output is off by \(error)")
    }
    let nodes = gradient.assignment.network
    for (name, expected) in golden.results.sorted(by: { $0.key < $1.key }) {
      let index = try nodes.index(ofNode: name)
      let found = index == 0 ? result.relevance : try #require(result.nodeRelevance[index], "\(name): no relevance")
      GoldenComparison.check(
        found, try tensors.tensor(expected.key), expected, group: argument.group, name: "\(golden.name)/\(name)",
        headings: headings)
    }
    try checkLedger(try #require(result.ledger), result)
  }

  /// Where the page of parity counts the case.
  private var headings: [String] {
    if argument.group.hasPrefix("zoo_") { return ["zoo/\(model.model)"] }
    guard golden.map != nil else {
      return ["preset/\(golden.preset ?? "gradient")"] + (golden.canonised ? ["canonizer/\(model.canonizer)"] : [])
    }
    let isNarrow = golden.name.hasPrefix("narrow")
    return [
      argument.folder == GoldenFiles.folder
        ? "maps/\(model.model)" : "random/\(model.model)\(isNarrow ? ", narrow" : "")"
    ]
  }

  /// What arrives at each layer with an accounted rule is explained by what it hands on, its bias and its stabilizer.
  private func checkLedger(_ ledger: Ledger, _ result: Attribution) throws {
    // Where a denominator may be as good as zero, what float32 makes of it shows in the ledger too.
    let limit = golden.results["input"]?.draws == nil ? 1e-5 : 1e-4
    for entry in ledger.entries {
      let rule = entry.rule.map { String($0.prefix { $0 != " " }) }
      guard let rule, GoldenLayerSetting.accountedRules.contains(rule) else { continue }
      guard GoldenLayerSetting.sharesOut(entry.kind.rawValue) else { continue }
      let arrived = try #require(result.nodeRelevance[entry.node]).map { abs($0) }.sum()
      let size = entry.summary.positive - entry.summary.negative + arrived
      for (sample, other) in entry.other.enumerated() {
        #expect(
          abs(other) <= limit * size,
          "\(argument.testDescription)/\(entry.name), sample \(sample): \(other) of \(size) unexplained")
      }
    }
  }
}
