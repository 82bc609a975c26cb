import ArgumentParser
import Explorer
import Heatmaps
import LRP
import ModelZoo
import NeuralNetwork
import Tensors
import TerminalUI

/// What is run under callgrind: small, the same on every machine, with all that is done once done before.
enum CountedCase: String, CaseIterable, ExpressibleByArgument {
  /// One explanation of a small convolutional network.
  case explanation
  /// One of the embedded network with a small picture, with other rules.
  case embedded
  /// A heatmap of 224 x 224 with a colour map of its own.
  case heatmap
  /// One frame of the explorer in a terminal of 200 x 60, after a key.
  case frame

  /// Does everything that is not to be counted; the result does what is.
  func prepared() throws -> () throws -> Void {
    switch self {
    case .explanation: try Self.explanation(Case(model: "fashion_vgg", composite: "epsilon_plus"))
    case .embedded:
      try Self.explanation(Case(model: "efficientnet_lite0", composite: "epsilon_gamma_box", side: 64))
    case .heatmap: try Self.heatmap()
    case .frame: try Self.frame()
    }
  }

  private static func explanation(_ item: Case) throws -> () throws -> Void {
    let subject = try Subject(item.model)
    let (attributor, input) = (try subject.attributor(item), try subject.input(item))
    return { _ = try attributor.attribute(input, .logit(.index(Case.target))) }
  }

  private static func heatmap() throws -> () throws -> Void {
    let relevance = SeededParameters(seed: Case.seed).uniform("relevance", [1, 3, 224, 224]).map { 2 * $0 - 1 }
    let colorMap = try ColorMap(source: "00f,08f,fff,f80,f00")
    return {
      let map = try RelevanceMap(channelSumOf: relevance)
      _ = Heatmap.rgb(map, scale: HeatmapScale(of: map), colorMap: colorMap)
    }
  }

  private static func frame() throws -> () throws -> Void {
    let model = try ModelZoo.load("fashion_vgg")
    let entry = ModelEntry(name: model.card.name, summary: model.card.summary)
    let launch = LaunchOptions(models: [entry], model: entry, composite: .preset("epsilon_plus"))
    var state = ExplorerState(width: 200, height: 60, launch: launch)
    let canonizers = try CanonizerCatalog.make(model.card.defaultCanonizers, for: model.network)
    let item = Case(model: model.card.name, composite: "epsilon_plus")
    let input = try Subject(item.model).input(item)
    var commands = state.start()
    for case .openModel(let request) in commands {
      let opened = OpenedModel(
        entry: entry, network: model.network, canonizers: canonizers,
        canonized: try CompositeCanonizer(canonizers).apply(to: model.network), labels: model.card.labels, low: nil,
        high: nil,
        sample: InputSample(entry: InputEntry(name: "noise", path: "noise"), picture: nil, shape: input.shape))
      commands = state.update(.message(.modelOpened(request: request.id, opened)))
    }
    for case .attribute(let request) in commands {
      let gradient = try Gradient(
        model.network, composite: request.composite, keepsNodeRelevance: true, keepsLedger: true)
      let result = try gradient.attribute(input, .logit(.index(Case.target)))
      let outcome = AttributionOutcome(
        output: result.output.rowMajorElements(), nodeRelevance: result.nodeRelevance,
        ledger: result.ledger?.entries.map { LayerBalance($0) } ?? [], seconds: 0.01, nodesRun: 1)
      _ = state.update(.message(.attributionFinished(request: request.id, outcome)))
    }
    return {
      _ = state.update(.terminal(.key(.down)))
      _ = state.view()
    }
  }
}

/// Runs a case twice, the second time in a function whose instructions callgrind counts.
struct CountedRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "counted-run", abstract: "Run a case for callgrind.", shouldDisplay: false)

  @Argument var item: CountedCase

  /// How callgrind is told of the function; its symbol has the module's name and more around this.
  static let symbol = "*runCounted*"

  func run() throws {
    let body = try item.prepared()
    try body()
    try runCounted(body)
  }
}

@inline(never)
func runCounted(_ body: () throws -> Void) throws { try body() }
