import LRP
import ModelFormats
import NeuralNetwork
import Tensors

/// One layer of the `rules` group as a network of its own: input, layer, output.
struct GoldenLayerSetting {
  let name: String
  let relevanceKey: String
  private let golden: GoldenLayer
  /// The last one takes the rule.
  private let layers: [any Layer]
  private let relevance: Tensor

  init(_ golden: GoldenLayer, _ tensors: SafetensorsFile) throws {
    self.golden = golden
    name = golden.name
    relevanceKey = golden.relevance
    layers = try GoldenLayers.make(golden, tensors)
    relevance = try tensors.tensor(golden.relevance).converted(to: .channelsLast)
  }

  /// Where the page of parity counts a case.
  func headings(_ golden: GoldenRuleCase) -> [String] {
    let mode = self.golden.options["padding_mode"]?.text.map { ["padding/\($0)"] } ?? []
    return ["rule/\(golden.rule ?? "gradient")", "layer/\(self.golden.kind)"] + mode
  }

  /// Rules that share out exactly what arrives, save for what biases and stabilizers absorb.
  static let accountedRules: Set = ["Epsilon", "Norm", "ZPlus", "AlphaBeta", "Gamma", "ZBox", "WSquare", "Flat"]

  /// Layers that are linear in their input, for which those rules' accounts are complete.
  static func sharesOut(_ kind: String) -> Bool {
    ["Conv", "FullyConnected", "BatchNorm", "AvgPool", "AdaptiveAvgPool", "Sum"].contains { kind.hasPrefix($0) }
  }

  /// The inputs `kind`, several for a sum.
  private func inputs(_ kind: String, _ tensors: SafetensorsFile) throws -> [Tensor] {
    guard let key = golden.inputs[kind] else { throw GoldenError("\(name) has no input \(kind)") }
    let stored = try tensors.tensor(key)
    guard golden.kind == "Sum", golden.options["axis"] == nil else { return [stored.converted(to: .channelsLast)] }
    return (0..<(golden.options["inputs"]?.integer ?? 1)).map { slice(stored, $0) }
  }

  /// Slice `index` of a tensor stacked on its last axis.
  private func slice(_ stacked: Tensor, _ index: Int) -> Tensor {
    let count = stacked.shape.dimensions.last ?? 1
    let elements = stacked.rowMajorElements()
    let part = stride(from: index, to: elements.count, by: count).map { elements[$0] }
    return Tensor(Shape(Array(stacked.shape.dimensions.dropLast())), rowMajor: part)
  }

  func output(for kind: String, _ tensors: SafetensorsFile) throws -> Tensor {
    try layers.reduce(inputs(kind, tensors)) { try [$1.forward($0)] }[0]
  }

  /// What arrives, per sample, at outputs that are exactly zero.
  func relevanceAtZeros(_ kind: String, _ tensors: SafetensorsFile) throws -> [Double] {
    let output = try output(for: kind, tensors)
    return relevance.map(with: output) { relevance, output in output == 0 ? relevance : 0 }.sampleSums()
  }

  /// Runs the rule of a case. The relevance of several inputs is stacked on a last axis, as in the fixture.
  func run(_ golden: GoldenRuleCase, _ tensors: SafetensorsFile) throws -> (relevance: Tensor, ledger: LedgerEntry?) {
    let inputs = try inputs(golden.input, tensors)
    // A sum reads its inputs from blocks of the channels, so that a network with one input can hold it.
    var builder = NetworkBuilder(name: name)
    if inputs.count == 1 {
      for (index, layer) in layers.enumerated() { builder.add(index == layers.count - 1 ? "layer" : "before", layer) }
    } else {
      let blocks = inputs.indices.map { builder.add("block\($0)", ChannelBlock($0, of: inputs.count), from: [0]) }
      builder.add("layer", layers[0], from: blocks)
    }
    let rule = try GoldenBuilding.rule(golden.rule, golden.parameters, tensors)
    let map = rule.map { [NameMapEntry(["layer"], $0)] } ?? []
    let gradient = Gradient(
      try NameMapComposite(nameMap: map).apply(to: builder.build()), keepsNodeRelevance: true, keepsLedger: true)
    let blocks = inputs.indices.map { ChannelBlock($0, of: inputs.count) }
    let joined = inputs.count == 1 ? inputs[0] : ChannelBlock.joined(inputs)
    let result = try gradient.attribute(joined, .tensor(relevance))
    let entry = result.ledger?.entries.first { $0.name == "layer" }
    guard inputs.count > 1 else { return (result.relevance, entry) }
    let parts = blocks.map { $0.forward([result.relevance]).rowMajorElements() }
    let stacked = parts[0].indices.flatMap { position in parts.map { $0[position] } }
    return (Tensor(Shape(inputs[0].shape.dimensions + [inputs.count]), rowMajor: stacked), entry)
  }
}

/// Takes one of several equal runs of channels: how the inputs of a sum are told apart in these tests.
private struct ChannelBlock: Layer {
  let index: Int
  let count: Int
  var kind: LayerKind { .identity }
  var summary: String { "Block" }
  var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .kept(nil), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  var tensors: [Tensor] { [] }
  var secondOrder: SecondOrder { .affine(self) }

  init(_ index: Int, of count: Int) {
    self.index = index
    self.count = count
  }

  /// Elements of one sample of the whole, and of the block.
  private func sizes(_ shape: Shape) -> (whole: Int, part: Int) { (shape.sampleCount, shape.sampleCount / count) }

  func outputShape(for inputs: [Shape]) -> Shape { Self.shape(inputs[0], channels: inputs[0].channels / count) }

  private static func shape(_ shape: Shape, channels: Int) -> Shape {
    var extents = shape.dimensions
    extents[1] = channels
    return Shape(extents)
  }

  func forward(_ inputs: [Tensor]) -> Tensor {
    let (whole, part) = sizes(inputs[0].shape)
    let elements = inputs[0].rowMajorElements()
    var taken: [Float] = []
    for sample in 0..<inputs[0].shape.batch {
      let start = sample * whole + index * part
      taken += elements[start..<start + part]
    }
    return Tensor(outputShape(for: [inputs[0].shape]), rowMajor: taken)
  }

  func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) -> [Tensor] {
    [Self.joined((0..<count).map { $0 == index ? seed : Tensor.zeros(seed.shape) })]
  }

  static func joined(_ parts: [Tensor]) -> Tensor {
    let shape = parts[0].shape
    let elements = parts.map { $0.rowMajorElements() }
    var joined: [Float] = []
    for sample in 0..<shape.batch {
      let range = sample * shape.sampleCount..<(sample + 1) * shape.sampleCount
      for part in elements { joined += part[range] }
    }
    return Tensor(Self.shape(shape, channels: shape.channels * parts.count), rowMajor: joined)
  }
}
