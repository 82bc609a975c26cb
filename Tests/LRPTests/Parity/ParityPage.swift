import Foundation
import LRP
import NeuralNetwork

/// What zennit has: `Tests/Fixtures/parity/zennit.json` and `zennit_tests.json`.
struct ReferenceInventory: Decodable, Sendable {
  let versions: [String: String]
  /// Module to public names.
  let names: [String: [String]]
  /// Classes of zennit.types to what belongs to them; a class may stand for another's members.
  let types: [String: [String]]
  let composites: [String]
  let colormaps: [String]

  struct Tests: Decodable, Sendable {
    let functions: [String: [String]]
  }

  static func load() throws -> ReferenceInventory {
    try JSONDecoder().decode(Self.self, from: Data(contentsOf: ParityFiles.folder.appending(path: "zennit.json")))
  }

  static func tests() throws -> [String] {
    let file = ParityFiles.folder.appending(path: "zennit_tests.json")
    let functions = try JSONDecoder().decode(Tests.self, from: Data(contentsOf: file)).functions
    return functions.flatMap { file, names in names.map { "\(file).\($0)" } }
  }

  /// The layer kinds of a class of zennit.types, by torch's names.
  func kinds(of type: String) -> [String] {
    (types[type] ?? []).flatMap { types[$0] == nil || $0 == type ? [$0] : kinds(of: $0) }
  }
}

/// The article `Parity.md`, from the inventory of the reference, the tables of what stands for it here, and the figures
/// that the golden tests recorded.
struct ParityPage {
  static let file = "Sources/LRP/LRP.docc/Parity.md"
  let reference: ReferenceInventory
  let figures: [String: ParityFigure]

  init() throws {
    reference = try .load()
    figures = try ParityFigures.recorded()
  }

  /// The worst figure of some headings, `type/…` standing for all kinds of a class; all cases together.
  func figure(_ headings: [String]) -> ParityFigure? {
    let expanded = headings.flatMap { heading -> [String] in
      guard heading.hasPrefix("type/") else { return [heading] }
      return reference.kinds(of: String(heading.dropFirst(5))).map { "layer/\(LayerKind.ofTorch($0))" }
    }
    let found = expanded.compactMap { figures[$0] }
    guard found.count == expanded.count, var worst = found.max(by: { $0.share < $1.share }) else { return nil }
    worst.cases = found.reduce(0) { $0 + $1.cases }
    return worst
  }

  private static func short(_ number: Double) -> String { String(format: "%.1e", number) }

  private static func percent(_ share: Double) -> String {
    String(format: share < 0.1 ? "%.1f %%" : "%.0f %%", share * 100)
  }

  static func cell(_ figure: ParityFigure) -> String {
    "\(short(figure.error)), \(percent(figure.share)) of the bar (zennit \(short(figure.reference))); \(figure.cases) tensors"
  }

  private func row(_ row: ParityRow) -> String {
    let own = row.symbols.map { "`\($0.name)` (\($0.file))" }.joined(separator: ", ")
    let tests = row.tests.map { "`\($0.name)`" }.joined(separator: ", ")
    let error = figure(row.headings).map(Self.cell)
    let notes = [error, row.remark.isEmpty ? nil : row.remark].compactMap { $0 }
    return
      "| `\(row.name)` | \(own) | \(tests) | \(notes.isEmpty ? "no numbers of its own" : notes.joined(separator: "; ")) |"
  }

  func text() -> String {
    [head, names, kinds, families, maps, export, tests].joined(separator: "\n\n") + "\n"
  }

  private var head: String {
    """
    # Parity with zennit

    Every public name of zennit \(reference.versions["zennit"] ?? "") and what stands for it here, with the tests that \
    prove it and the worst error they saw. This page is written by a test, which fails when it is stale.

    ## How to read the errors

    The reference runs in float64; an error is our relative L2 distance from it. The bar is three times the reference's \
    own error in float32, or 1e-4 where that is larger. *1.2e-06, 1.2 % of the bar (zennit 4.0e-07)* is the case that came \
    nearest to its bar: our error, its share of the bar, and zennit's own error in float32 on that case (torch \
    \(reference.versions["torch"] ?? ""), torchvision \(reference.versions["torchvision"] ?? "")). Where the two differ on \
    purpose, <doc:KnownDifferences> says so.
    """
  }

  private var names: String {
    """
    ## Names

    | zennit | here | proved by | worst error, remarks |
    |---|---|---|---|
    \(ParityNames.all.map(row).joined(separator: "\n"))
    """
  }

  /// Layer kinds in the order of ``LayerKind``.
  private var kinds: String {
    let classes = reference.types.keys.filter { !["Linear", "Convolution"].contains($0) }
    let rows = LayerKind.allCases.compactMap { kind -> String? in
      guard let figure = figures["layer/\(kind.rawValue)"] else { return nil }
      let type = classes.filter { reference.kinds(of: $0).map(LayerKind.ofTorch).contains(kind.rawValue) }
      let family =
        kind == .fullyConnected
        ? "Linear" : kind == .sum ? "layer.Sum" : type.first ?? "none: a rule may be set by name"
      return "| `\(kind.rawValue)` | \(family) | \(Self.cell(figure)) |"
    }
    let modes = figures.filter { $0.key.hasPrefix("padding/") }.sorted { $0.key < $1.key }
    let paddings = modes.map {
      "| convolutions padded with `\($0.key.dropFirst(8))` | Convolution | \(Self.cell($0.value)) |"
    }
    return """
      ## Layer kinds

      Each under every rule that the reference would run on it, and the plain gradient: strides, dilations, groups, \
      padding modes, `ceil_mode`, missing biases and extra axes are cases of their own (`GoldenRulesTests.relevance`).

      | layer | zennit.types | worst error |
      |---|---|---|
      \((rows + paddings).joined(separator: "\n"))
      """
  }

  /// One of each family of torchvision's networks.
  private var families: String {
    let zoo = figures.filter { $0.key.hasPrefix("zoo/") }.sorted { $0.key < $1.key }
    return """
      ## Torchvision's families

      One network of each family, besides VGG and ResNet above, under presets, with batch norms merged where zennit can \
      (not DenseNet's): relevance at the output of every step of its code, where functions are steps too \
      (`GoldenZooTests.relevance`).

      | network | worst error |
      |---|---|
      \(zoo.map { "| `\($0.key.dropFirst(4))` | \(Self.cell($0.value)) |" }.joined(separator: "\n"))
      """
  }

  private var maps: String {
    let random = figures.filter { $0.key.hasPrefix("random/") }.sorted { $0.key < $1.key }
    let count = random.reduce(0) { $0 + $1.value.cases }
    let rows = random.map { heading, figure in
      let uncertain = figure.uncertain ?? 0
      return "| \(heading.dropFirst(7)) | \(figure.cases) | \(figure.cases - uncertain) | \(uncertain) | "
        + "\(Self.percent(figure.share)) (\(Self.short(figure.error)), zennit \(Self.short(figure.reference)), `\(figure.of)`) |"
    }
    return """
      ## Random maps

      A random rule with random parameters for every layer of a network, \(count) maps: stabilizers of 0.01 to 1, and \
      *narrow* ones of 1e-6 to 0.01. Seeds and generator are under `Tests/Fixtures`, so that anyone can run more.

      A narrow stabilizer divides by denominators as near to zero as they happen to be, and at the kink of an activation \
      relevance takes one way or the other. There one run of zennit in float32 says little about what float32 does to the \
      case: another order of addition, or inputs moved by one float32, and zennit's own error is ten or a hundred times \
      larger. So the reference is run twelve times in float32 (on the input and on five inputs moved by one float32, with \
      oneDNN's convolutions and with torch's own), and the largest error is its own. The third column counts the maps \
      within the bar of the first run alone, the fourth those that need the others. For comparison: of zennit's own further \
      runs over 417 of these maps, 3.8 % (moved inputs) and 5.3 % (torch's own convolutions) leave the bar of its first run.

      | network | maps | within the bar of one run | of twelve runs | worst share of the bar |
      |---|---|---|---|---|
      \(rows.joined(separator: "\n"))
      """
  }

  /// The last run of `CompositeCommandTests.theExportedScriptGivesTheSameRelevance`, which needs Python with zennit.
  private var export: String {
    """
    ## Exported composites

    The script that `lrp composite export --format python` writes for a composite of `ZBox`, `AlphaBeta`, `Gamma` with a \
    scaled stabilizer, `Epsilon` without biases, `ZPlus` and the base rules, run by zennit in float64 on torchvision's \
    resnet18 with the same weights, gives the relevance of `lrp attribute`: relative distance 9.0e-07 when it was last run \
    (23 November 2026, zennit 1.0.0, torch 2.15.0). `LRP_ZENNIT_PYTHON=PYTHON swift test -c release --filter \
    theExportedScript` runs it again; without zennit the test is reported as skipped.
    """
  }

  private var tests: String {
    let rows = ParityCases.all.map { row in
      let tests = row.tests.map { "`\($0.name)`" }.joined(separator: ", ")
      return "| `\(row.name)` | \(tests) | \(row.remark.isEmpty ? "the same cases" : row.remark) |"
    }
    return """
      ## The reference's unit tests

      Each test function of zennit's own unit tests and ours for the same behaviour.

      | zennit | here | remarks |
      |---|---|---|
      \(rows.joined(separator: "\n"))
      """
  }
}

extension LayerKind {
  /// Our name of a class of torch: only `Linear` is another one.
  static func ofTorch(_ name: String) -> String { name == "Linear" ? LayerKind.fullyConnected.rawValue : name }
}
