import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

/// A layer with the shapes it is tried on, and what it should say about itself.
struct LayerCase: Sendable, CustomTestStringConvertible {
  var layer: any Layer
  var kind: LayerKind
  var summary: String
  var inputs: [Shape]
  var output: Shape
  var testDescription: String { summary }

  init(_ layer: any Layer, _ kind: LayerKind, _ summary: String, _ inputs: [Shape], _ output: Shape) {
    (self.layer, self.kind, self.summary, self.inputs, self.output) = (layer, kind, summary, inputs, output)
  }

  static func all() throws -> [LayerCase] {
    var draw = Draw(1)
    func convolution(_ weight: Shape, _ geometry: ConvolutionGeometry) throws -> Convolution {
      try Convolution(geometry: geometry, weight: draw.tensor(weight), bias: nil)
    }
    let scale = draw.tensor([5])
    let variance = scale.map { abs($0) + 0.5 }
    return try [
      .init(
        try convolution([6, 5, 3, 3], .init(rank: 2, stride: 2, padding: 1)), .conv2d, "Conv 5→6 3×3 /2",
        [[3, 5, 7, 8]], [3, 6, 4, 4]),
      .init(try convolution([6, 5, 3], .init(rank: 1)), .conv1d, "Conv 5→6 3", [[2, 5, 7]], [2, 6, 5]),
      .init(
        try convolution([6, 1, 3, 3, 3], .init(rank: 3, dilation: 2, padding: 2, groups: 6)), .conv3d,
        "Conv 6→6 3×3×3 dilation 2 depthwise", [[1, 6, 4, 5, 6]], [1, 6, 4, 5, 6]),
      .init(
        try convolution([6, 2, 2, 3], .init(rank: 2, groups: 3)), .conv2d, "Conv 6→6 2×3 groups 3",
        [[1, 6, 4, 5]], [1, 6, 3, 3]),
      .init(
        try convolution([4, 3, 2, 2], .init(rank: 2, stride: 2, isTransposed: true)), .convTranspose2d,
        "ConvT 4→3 2×2 /2", [[1, 4, 3, 5]], [1, 3, 6, 10]),
      .init(
        try convolution([4, 3, 2], .init(rank: 1, isTransposed: true)), .convTranspose1d, "ConvT 4→3 2", [[1, 4, 3]],
        [1, 3, 4]),
      .init(
        try convolution([4, 3, 2, 2, 2], .init(rank: 3, isTransposed: true)), .convTranspose3d, "ConvT 4→3 2×2×2",
        [[1, 4, 3, 2, 2]], [1, 3, 4, 3, 3]),
      .init(try FullyConnected(weight: draw.tensor([4, 6])), .fullyConnected, "Linear 6→4", [[3, 6]], [3, 4]),
      .init(try FullyConnected(weight: draw.tensor([4, 6])), .fullyConnected, "Linear 6→4", [[3, 2, 6]], [3, 2, 4]),
      .init(
        try BatchNorm(weight: scale, bias: nil, mean: .zeros([5]), variance: variance), .batchNorm2d, "BatchNorm 5",
        [[3, 5, 4, 2]], [3, 5, 4, 2]),
      .init(
        MaxPool(.init(kernel: [3, 2], strides: [2, 1], paddingBegin: [1, 0])), .maxPool2d, "MaxPool 3×2 /2×1",
        [[2, 3, 7, 6]], [2, 3, 4, 5]),
      .init(MaxPool(.init(kernel: [2])), .maxPool1d, "MaxPool 2 /2", [[2, 3, 7]], [2, 3, 3]),
      .init(MaxPool(.init(kernel: [2, 2, 2])), .maxPool3d, "MaxPool 2×2×2 /2", [[2, 3, 4, 5, 6]], [2, 3, 2, 2, 3]),
      .init(AveragePool(.init(kernel: [2, 2])), .avgPool2d, "AvgPool 2×2 /2", [[2, 3, 7, 6]], [2, 3, 3, 3]),
      .init(AveragePool(.init(kernel: [2])), .avgPool1d, "AvgPool 2 /2", [[2, 3, 7]], [2, 3, 3]),
      .init(
        AveragePool(.init(kernel: [2, 2, 2])), .avgPool3d, "AvgPool 2×2×2 /2", [[1, 3, 4, 5, 6]], [1, 3, 2, 2, 3]),
      .init(
        AdaptiveAveragePool(output: [nil, 2]), .adaptiveAvgPool2d, "AdaptiveAvgPool ·×2", [[2, 3, 7, 5]], [2, 3, 7, 2]),
      .init(AdaptiveAveragePool(output: [2]), .adaptiveAvgPool1d, "AdaptiveAvgPool 2", [[2, 3, 7]], [2, 3, 2]),
      .init(
        AdaptiveAveragePool(output: [1, 1, 1]), .adaptiveAvgPool3d, "AdaptiveAvgPool 1×1×1", [[2, 3, 7, 4, 5]],
        [2, 3, 1, 1, 1]),
      .init(
        AdaptiveMaxPool(output: [2, 2]), .adaptiveMaxPool2d, "AdaptiveMaxPool 2×2", [[2, 3, 7, 5]], [2, 3, 2, 2]),
      .init(AdaptiveMaxPool(output: [2]), .adaptiveMaxPool1d, "AdaptiveMaxPool 2", [[2, 3, 7]], [2, 3, 2]),
      .init(
        AdaptiveMaxPool(output: [1, 1, 1]), .adaptiveMaxPool3d, "AdaptiveMaxPool 1×1×1", [[2, 3, 4, 4, 5]],
        [2, 3, 1, 1, 1]),
      .init(ActivationLayer(.silu), .silu, "SiLU", [[2, 3, 4]], [2, 3, 4]),
      .init(PReLU(slopes: [0.1, 0.2, 0.3]), .prelu, "PReLU", [[2, 3, 4]], [2, 3, 4]),
      .init(
        try LayerNorm(weight: draw.tensor([4, 5]), bias: draw.tensor([4, 5])), .layerNorm, "LayerNorm 4×5",
        [[2, 3, 4, 5]], [2, 3, 4, 5]),
      .init(
        try GroupNorm(groups: 2, channels: 6, weight: draw.tensor([6]), bias: draw.tensor([6])), .groupNorm,
        "GroupNorm 6 in 2", [[2, 6, 3, 4]], [2, 6, 3, 4]),
      .init(
        try GroupNorm(groups: 3, channels: 3, kind: .instanceNorm1d), .instanceNorm1d, "InstanceNorm 3", [[2, 3, 7]],
        [2, 3, 7]),
    ] + functions(&draw) + recurrent(&draw) + [
      .init(Sum(axis: 1), .sum, "Sum over axis 1", [[2, 3, 4]], [2, 4]),
      .init(Sum(axis: -1), .sum, "Sum over axis -1", [[2, 3, 4, 5]], [2, 3, 4]),
      .init(Softmax(), .softmax, "Softmax", [[2, 7]], [2, 7]),
      .init(Softmax(axis: -1, isLogarithmic: true), .logSoftmax, "LogSoftmax", [[2, 3, 4]], [2, 3, 4]),
      .init(Flatten(), .flatten, "Flatten", [[2, 3, 4, 5]], [2, 60]),
      .init(Identity(), .identity, "Identity", [[2, 3]], [2, 3]),
      .init(Dropout(), .dropout, "Dropout", [[2, 3]], [2, 3]),
      .init(Padding(begin: [1, 0], end: [2, -1]), .padding, "Pad 1×0 2×-1", [[2, 3, 4, 5]], [2, 3, 7, 4]),
      .init(Concatenation(), .concatenation, "Concat", [[2, 3, 4], [2, 1, 4], [2, 5, 4]], [2, 9, 4]),
      .init(Sum(), .sum, "Sum", [[2, 3, 4], [2, 3, 4]], [2, 3, 4]),
      .init(Add(), .add, "+", [[2, 3, 4], [2, 3, 4], [2, 3, 4]], [2, 3, 4]),
    ]
  }
}

extension LayerCase {
  /// What a network's code calls as functions.
  private static func functions(_ draw: inout Draw) throws -> [LayerCase] {
    let tap = Upsample.Axis.Tap.init
    let axis = try Upsample.Axis(
      input: 3, taps: [[tap(0, 1)], [tap(0, 0.25), tap(1, 0.75)], [tap(2, 0.5)], [tap(1, 1), tap(1, 2)]])
    return [
      .init(ActivationLayer(.mish), .mish, "Mish", [[2, 3, 4]], [2, 3, 4]),
      .init(ElementFunction(.exponential), .function, "exponential", [[2, 3, 4]], [2, 3, 4]),
      .init(ElementFunction(.power(3)), .function, "power 3", [[2, 3, 4]], [2, 3, 4]),
      .init(Arithmetic(.difference), .difference, "−", [[2, 3, 4, 5], [2, 3, 1, 1]], [2, 3, 4, 5]),
      .init(Arithmetic(.maximum), .arithmetic, "max", [[2, 1, 4], [2, 3, 4]], [2, 3, 4]),
      .init(Arithmetic(.minimum), .arithmetic, "min", [[2, 3], [2, 3]], [2, 3]),
      .init(Choice(), .choice, "Where", [[2, 3, 1], [2, 3, 4], [2, 1, 4]], [2, 3, 4]),
      .init(try Constant(draw.tensor([1, 3, 4])), .constant, "Constant 3×4", [[2, 7]], [2, 3, 4]),
      .init(try Scale(factors: draw.tensor([1, 1, 4, 5])), .scale, "Scale 20", [[2, 3, 4, 5]], [2, 3, 4, 5]),
      .init(try Scale(factors: draw.tensor([1, 3, 1])), .scale, "Scale 3", [[2, 1, 4]], [2, 3, 4]),
      .init(try Shift(draw.tensor([1, 3, 4, 1])), .shift, "Shift 12", [[2, 3, 4, 5]], [2, 3, 4, 5]),
      .init(
        try Reduction(.sum, axes: [1, 3], keepsAxes: false), .reduction, "Sum over axes 1 3", [[2, 3, 4, 5]], [2, 4]),
      .init(
        try Reduction(.maximum, axes: [2], keepsAxes: true), .reduction, "Max over axes 2", [[2, 3, 4, 5]],
        [2, 3, 1, 5]),
      .init(
        try Reduction(.euclideanNorm, axes: [1], keepsAxes: true), .reduction, "L2 norm over axes 1", [[2, 3, 4]],
        [2, 1, 4]),
      .init(
        try Reduction(.product, axes: [2], keepsAxes: false), .reduction, "Product over axes 2", [[2, 2, 3]], [2, 2]),
      .init(
        try Reduction(.logarithmOfExponentials, axes: [1, 2], keepsAxes: false), .reduction,
        "LogSumExp over axes 1 2", [[2, 3, 4]], [2]),
      .init(Add(), .add, "+", [[2, 3, 4], [2, 1, 4]], [2, 3, 4]),
      .init(Upsample([axis, axis]), .upsample, "Upsample 3×3→4×4", [[2, 5, 3, 3]], [2, 5, 4, 4]),
    ]
  }

  private static func recurrent(_ draw: inout Draw) throws -> [LayerCase] {
    try [
      (Recurrence.Cell.lstm, 4, LayerKind.lstm, "LSTM 3→2"), (.gru(resetsAfterProduct: true), 3, .gru, "GRU 3→2"),
      (.gru(resetsAfterProduct: false), 3, .gru, "GRU 3→2"), (.tanh, 1, .rnn, "RNN 3→2"),
    ].flatMap { kind, gates, layerKind, summary in
      let rows = 2 * gates
      let numbers = draw.tensor([4, rows]).rowMajorElements()
      func layer(isReversed: Bool = false, givesCellState: Bool = false) throws -> Recurrence {
        try Recurrence(
          kind, inputWeight: draw.tensor([rows, 3]), recurrentWeight: draw.tensor([rows, 2]),
          inputBias: Array(numbers[..<rows]), recurrentBias: Array(numbers[rows..<2 * rows]),
          initialHidden: [0.3, -0.2], initialCell: [0.1, 0.4], isReversed: isReversed, givesCellState: givesCellState)
      }
      return [
        LayerCase(try layer(), layerKind, summary, [[2, 5, 3]], [2, 5, 2]),
        LayerCase(try layer(isReversed: true), layerKind, summary + " reversed", [[2, 4, 3]], [2, 4, 2]),
        LayerCase(
          try layer(givesCellState: true), layerKind, summary + " cell", [[2, 4, 3]], [2, 4, 2]),
      ]
    }
  }
}

@Suite struct LayerTests {
  @Test func describeThemselves() throws {
    for example in try LayerCase.all() {
      #expect(example.layer.kind == example.kind)
      #expect(example.layer.summary == example.summary)
      #expect(try example.layer.outputShape(for: example.inputs) == example.output)
    }
  }

  /// `⟨f(x + h v) − f(x − h v), s⟩ / 2h = Σ ⟨v, Jᵀ s⟩`.
  @Test func gradientsAreDerivatives() throws {
    for example in try LayerCase.all() {
      var draw = Draw(2)
      // Distinct numbers wide apart keep the maxima where they are.
      let inputs = example.inputs.map { draw.tensor($0) * 4 }
      let directions = example.inputs.map { draw.tensor($0) }
      let seed = draw.tensor(example.output)
      let output = try example.layer.forward(inputs)
      #expect(output.shape == example.output, "\(example.summary)")
      let step: Float = 1e-3
      let ahead = try example.layer.forward(zip(inputs, directions).map { $0 + $1 * step })
      let behind = try example.layer.forward(zip(inputs, directions).map { $0 - $1 * step })
      let slope = (ahead - behind).dot(seed) / Double(2 * step)
      let gradients = try example.layer.vjp(seed, inputs: inputs, output: output)
      #expect(gradients.map(\.shape) == example.inputs, "\(example.summary)")
      let expected = zip(gradients, directions).reduce(0) { $0 + $1.0.dot($1.1) }
      #expect(abs(slope - expected) < 2e-2 * (1 + abs(expected)), "\(example.summary): \(slope) for \(expected)")
    }
  }

  @Test func wrongShapesAreReported() throws {
    for example in try LayerCase.all()
    where example.inputs.count == 1
      && ![.identity, .dropout, .silu, .mish, .function, .constant, .sum, .add, .concatenation].contains(example.kind)
    {
      #expect(throws: (any Error).self, "\(example.summary)") { try example.layer.outputShape(for: []) }
      #expect(throws: (any Error).self, "\(example.summary)") {
        try example.layer.outputShape(for: [example.inputs[0], example.inputs[0]])
      }
      if example.kind != .flatten && example.kind != .softmax && example.kind != .logSoftmax {
        #expect(throws: (any Error).self, "\(example.summary)") { try example.layer.outputShape(for: [[7]]) }
      }
    }
    #expect(throws: LayerError.self) { try Sum().outputShape(for: [[2, 3], [3, 2]]) }
    #expect(throws: LayerError.self) { try Softmax(axis: 2).outputShape(for: [[3, 2]]) }
    #expect(throws: (any Error).self) { try Concatenation().outputShape(for: [[2, 3, 4], [2, 3, 5]]) }
    #expect(throws: LayerError.self) { try Convolution(geometry: .init(rank: 2), weight: .zeros([2, 3, 4])) }
    #expect(throws: LayerError.self) { try FullyConnected(weight: .zeros([2, 3, 4])) }
  }

  @Test func parametersCanBeReplaced() throws {
    var draw = Draw(3)
    let bias = draw.tensor([4])
    let layer = try Convolution(geometry: .init(rank: 2), weight: draw.tensor([4, 2, 1, 1]), bias: bias)
    let input = draw.tensor([1, 2, 3, 3])
    let doubled = layer.replacing(weight: layer.weight * 2, bias: nil)
    #expect(doubled.bias == nil && doubled.kind == layer.kind)
    let plain = layer.replacing(weight: layer.weight, bias: nil)
    #expect(try doubled.forward([input]).rowMajorElements() == (plain.forward([input]) * 2).rowMajorElements())
    let fully = try FullyConnected(weight: draw.tensor([4, 2]), bias: bias)
    #expect(fully.replacing(weight: fully.weight, bias: nil).bias == nil)
  }

  @Test func batchNormOffsetAndIdentity() throws {
    var draw = Draw(4)
    let variance = draw.tensor([3]).map { abs($0) + 0.5 }
    let layer = try BatchNorm(
      weight: draw.tensor([3]), bias: draw.tensor([3]), mean: draw.tensor([3]), variance: variance,
      kind: .frozenBatchNorm2d)
    #expect(layer.kind == .frozenBatchNorm2d)
    let atZero = try layer.forward([.zeros([1, 3])])
    #expect(atZero.rowMajorElements() == layer.offset?.rowMajorElements())
    let input = draw.tensor([2, 3, 4, 4])
    #expect(try layer.identityLayer().forward([input]).rowMajorElements() == input.rowMajorElements())
    #expect(layer.identityLayer().kind == .frozenBatchNorm2d)
    let replaced = layer.replacing(weight: layer.weight * 2, bias: nil)
    #expect(replaced.bias?.rowMajorElements() == [0, 0, 0])
  }
}
