import Compute
import Explorer
import Heatmaps
import LRP
import NeuralNetwork
import Tensors
import TerminalUI

/// A small network with every sort of layer the explorer treats differently, and made-up relevance: no model, no
/// computation, the same on every machine.
enum Fixture {
  static let side = 32
  static let labels = ["tabby", "tiger cat", "Persian cat", "Siamese cat", "Egyptian cat", "cougar", "lynx", "leopard"]

  static func weight(_ shape: Shape) -> Tensor {
    let elements = (0..<shape.count).map { Float(($0 * 7919 % 1000)) / 1000 - 0.45 }
    return Tensor(shape, rowMajor: elements, layout: .rowMajor)
  }

  static func convolution(_ input: Int, _ output: Int, groups: Int = 1, stride: Int = 1, side: Int = 3) throws
    -> Convolution
  {
    try Convolution(
      geometry: ConvolutionGeometry(rank: 2, stride: stride, padding: side / 2, groups: groups),
      weight: weight([output, input / groups, side, side]), bias: weight([output]))
  }

  static func network() throws -> Network {
    var builder = NetworkBuilder(name: "tiny_net")
    builder.add("conv_stem", try convolution(3, 8, stride: 2))
    builder.add("relu_stem", ActivationLayer(.relu))
    for block in 0..<3 {
      let start = builder.last
      builder.add("blocks.\(block).depthwise", try convolution(8, 8, groups: 8))
      builder.add("blocks.\(block).relu", ActivationLayer(.relu))
      let end = builder.add("blocks.\(block).project", try convolution(8, 8, side: 1))
      if block == 1 {
        builder.add("blocks.\(block).+", Add(), from: [start, end])
      } else {
        builder.add("blocks.\(block).sum", Sum(), from: [start, end])
      }
    }
    builder.add("avgpool", AdaptiveAveragePool(output: [1, 1]))
    builder.add("flatten", Flatten())
    builder.add("classifier", try FullyConnected(weight: weight([8, 8]), bias: weight([8])))
    return try builder.build()
  }

  static func picture() -> Picture {
    var rgb: [UInt8] = []
    for y in 0..<side {
      for x in 0..<side { rgb += [UInt8(x * 8), UInt8(y * 8), UInt8((x + y) * 4)] }
    }
    return Picture(width: side, height: side, rgb: rgb)
  }

  static let models = [
    ModelEntry(name: "tiny_net", summary: "8 classes, 3 blocks, embedded"),
    ModelEntry(name: "vgg16", summary: "torchvision, 138 M parameters, random or --weights"),
    ModelEntry(name: "resnet18", summary: "torchvision, 11.7 M parameters, random or --weights"),
  ]
  static let inputs = ["chelsea.png", "coffee.png", "rocket.png"].map { InputEntry(name: $0, path: "images/\($0)") }

  static func opened(_ entry: ModelEntry = models[0], input: InputEntry = inputs[0]) throws -> OpenedModel {
    let network = try network()
    return OpenedModel(
      entry: entry, network: network, canonizers: [SequentialMergeBatchNorm()], canonized: network, labels: labels,
      low: .perChannel([-2.1, -2, -1.8]), high: .perChannel([2.2, 2.4, 2.6]),
      sample: InputSample(entry: input, picture: picture(), shape: [1, 3, side, side]))
  }

  static let output: [Float] = [0.5, 2.1, -1.25, 0.75, 3.5, 1, -2, 0.25]

  /// Relevance like a blurred ring, stronger from layer to layer, some of it negative; `shift` moves it.
  static func outcome(_ model: OpenedModel, shift: Float = 0) throws -> AttributionOutcome {
    let shapes = try model.canonized.shapes(forInput: model.sample.shape)
    let relevance = shapes.map { shape -> Tensor? in
      let (height, width) = (shape.spatial.first ?? 1, shape.spatial.last ?? 1)
      let elements = (0..<shape.count).map { index -> Float in
        let (x, y) = (Float(index % width), Float(index / width % height))
        let (dx, dy) = (x / Float(width) - 0.5 - shift, y / Float(height) - 0.5)
        let distance = dx * dx + dy * dy
        return (0.12 - distance) * (1 - 4 * abs(distance - 0.06)) / Float(shape.channels)
      }
      return Tensor(shape, rowMajor: elements)
    }
    var arriving = 3.5
    var balances: [LayerBalance] = []
    for index in model.canonized.nodes.indices.reversed() where index > 0 {
      let node = model.canonized.nodes[index]
      let isLinear = LayerType.linear.contains(node.layer.kind)
      let bias = isLinear ? arriving * (index == 3 ? 0.81 : 0.15) : 0
      let factor = node.layer.kind == .add ? 2.0 : 1
      let handed = (arriving - bias) * factor
      balances.append(
        LayerBalance(
          node: index, name: node.name, rule: isLinear ? "Gamma" : "Pass", outgoing: arriving, incoming: handed,
          bias: bias, stabilizer: 0, positive: handed * 1.25, negative: handed * -0.25))
      arriving = handed
    }
    return AttributionOutcome(
      output: output, nodeRelevance: relevance, ledger: balances.reversed(), seconds: 0.041, nodesRun: 12)
  }

  static func launch(composite: LaunchOptions.InitialComposite = .preset("epsilon_gamma_box")) -> LaunchOptions {
    LaunchOptions(models: models, inputs: inputs, model: models[0], composite: composite)
  }
}

/// An explorer with what it asked its runtime to do.
struct Bench {
  var state: ExplorerState
  /// Commands of the last event.
  var commands: [ExplorerCommand] = []
  /// All attribution requests, oldest first.
  private(set) var requests: [AttributionRequest] = []
  /// All surveys of canonizers that were asked for.
  private(set) var surveys: [CanonizerSurveyRequest] = []

  /// - Parameter isExplained: whether the model has been opened and the first attribution is done.
  init(
    width: Int = 120, height: Int = 40, capabilities: DisplayCapabilities = .full,
    launch: LaunchOptions = Fixture.launch(),
    isExplained: Bool = true
  ) throws {
    state = ExplorerState(width: width, height: height, capabilities: capabilities, launch: launch)
    note(state.start())
    guard isExplained else { return }
    try open()
    try finish()
  }

  mutating func note(_ new: [ExplorerCommand]) {
    commands = new
    for case .attribute(let request) in new { requests.append(request) }
    for case .surveyCanonizers(let request) in new { surveys.append(request) }
  }

  mutating func send(_ message: ExplorerMessage) { note(state.update(.message(message))) }
  mutating func send(_ event: Event) { note(state.update(.terminal(event))) }

  /// Presses keys one after the other.
  mutating func press(_ keys: Key...) { for key in keys { send(.key(key)) } }
  /// Types text as single keys.
  mutating func type(_ text: String) { for character in text { send(.key(.character(character))) } }

  /// Answers the request to open a model.
  mutating func open() throws {
    for case .openModel(let request) in commands {
      send(.modelOpened(request: request.id, try Fixture.opened(request.entry)))
      return
    }
  }

  /// Answers the newest attribution request.
  mutating func finish(shift: Float = 0) throws {
    guard let request = requests.last else { return }
    var outcome = try Fixture.outcome(Fixture.opened(), shift: shift)
    outcome.attributor = request.attributor
    if request.attributor.kind != .gradient {
      outcome.nodeRelevance = Array(outcome.nodeRelevance.prefix(1))
      outcome.ledger = []
    }
    send(.attributionFinished(request: request.id, outcome))
  }

  /// Moves the layer list's cursor to a layer.
  mutating func select(_ name: String) {
    press(.character("1"), .home)
    for _ in 0..<100 where state.selectedRow?.name != name { press(.down) }
  }

  /// The rule's name at a layer, `nil` for the plain gradient.
  func rule(_ path: String) -> String? { state.composite.rules[path]?.rule.shortText }
}
