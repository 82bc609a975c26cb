import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

/// What layers say of themselves must hold, because passes are left out and batches cut into pieces by it.
@Suite struct LayerTraitsTests {
  /// Inputs of both signs, or of none below zero.
  private static func inputs(_ example: LayerCase, seed: Int, nonnegative: Bool = false) -> [Tensor] {
    var draw = Draw(seed)
    var inputs = example.inputs.map { shape in draw.tensor(shape).map { nonnegative ? abs($0) * 3 : $0 * 3 } }
    // A condition is met only where it is not 0.
    if example.kind == .choice { inputs[0] = inputs[0].map { max($0, 0) } }
    return inputs
  }

  /// The largest difference, in units of the largest element.
  private static func difference(_ a: Tensor, _ b: Tensor) -> Float {
    zip(a.rowMajorElements(), b.rowMajorElements()).map { abs($0 - $1) }.max().map {
      $0 / (1 + max(a.maximum(), -a.minimum()))
    } ?? 0
  }

  @Test("a layer is affine if a step changes the output by as much wherever it is taken")
  func linearity() throws {
    for example in try LayerCase.all() + LayerCase.more() {
      let layer = example.layer
      let (x, y) = (Self.inputs(example, seed: 5), Self.inputs(example, seed: 6))
      let step = Self.inputs(example, seed: 7)
      let first = try layer.forward(zip(x, step).map { $0 + $1 }) - layer.forward(x)
      let second = try layer.forward(zip(y, step).map { $0 + $1 }) - layer.forward(y)
      let isAffine = Self.difference(first, second) < 1e-4
      #expect(isAffine == layer.traits.isAffine, "\(example.summary)")
      guard layer.traits.linearity == .linear else { continue }
      // Nothing is added but the parameters' offset.
      let atZero = try layer.forward(x.map { Tensor.zeros($0.shape) })
      let offset = (layer as? any ParameterizedLayer)?.offset?.rowMajorElements() ?? []
      #expect(atZero.rowMajorElements().allSatisfy { offset.contains($0) || $0 == 0 }, "\(example.summary)")
    }
  }

  @Test("no element is negative where a layer says so")
  func signs() throws {
    for example in try LayerCase.all() + LayerCase.more() {
      switch example.layer.traits.signs {
      case .nonnegative:
        #expect(try example.layer.forward(Self.inputs(example, seed: 8)).minimum() >= 0, "\(example.summary)")
      case .keepsNonnegative:
        let inputs = Self.inputs(example, seed: 8, nonnegative: true)
        #expect(try example.layer.forward(inputs).minimum() >= 0, "\(example.summary)")
      case .unknown: break
      }
    }
  }

  @Test("the second sample comes out alone as it does beside the first")
  func samples() throws {
    for example in try LayerCase.all() + LayerCase.more() where example.layer.traits.isSampleWise {
      let inputs = Self.inputs(example, seed: 9)
      guard inputs.allSatisfy({ $0.shape.batch == 2 }) else { continue }
      let alone = try example.layer.forward(inputs.map { $0.sample(1) })
      #expect(
        try Self.difference(alone, example.layer.forward(inputs).sample(1)) < 1e-5, "\(example.summary)")
    }
    #expect(!Softmax(axis: 0).traits.isSampleWise && !Concatenation(axis: 0).traits.isSampleWise)
  }

  @Test("outputs have as many axes as is said, and the identity is one")
  func axesAndIdentity() throws {
    for example in try LayerCase.all() + LayerCase.more() {
      let traits = example.layer.traits
      var net = NetworkBuilder(name: "one", inputRank: example.inputs[0].rank)
      net.add("layer", example.layer, from: example.inputs.map { _ in 0 })
      #expect(try net.build().ranks.last == example.output.rank, "\(example.summary)")
      let inputs = Self.inputs(example, seed: 10)
      let isUntouched =
        try inputs.count == 1 && example.layer.forward(inputs).rowMajorElements() == inputs[0].rowMajorElements()
      #expect(!traits.isIdentity || isUntouched, "\(example.summary)")
      #expect(example.layer.flops(inputs: example.inputs, output: example.output) >= 0, "\(example.summary)")
    }
  }

  @Test("names of functions take no rules, and those of modules do")
  func functions() throws {
    for example in try LayerCase.all() + LayerCase.more() {
      #expect(
        example.layer.traits.isFunctional == example.layer.kind.isOperation, "\(example.summary)")
      #expect(example.layer.traits.isFunctional == !LayerType(example.layer.kind).takesRules, "\(example.summary)")
    }
    #expect(InputLayer().traits.isFunctional)
  }

  /// `J t` against `(f(x + h t) − f(x − h t)) / 2h`.
  @Test("second order: the tangent of an affine layer is what its linear part makes of it")
  func tangents() throws {
    for example in try LayerCase.all() + LayerCase.more() {
      let layer = example.layer
      let (x, t) = (Self.inputs(example, seed: 11), Self.inputs(example, seed: 12))
      switch layer.secondOrder {
      case .unavailable:
        #expect(!layer.traits.isAffine, "\(example.summary)")
        #expect(throws: LayerError.self) { try layer.jvp(t, inputs: x) }
      case .affine, .curved:
        if case .affine = layer.secondOrder { #expect(layer.traits.isAffine, "\(example.summary)") }
        let step: Float = 1e-3
        let change =
          try layer.forward(zip(x, t).map { $0 + $1 * step }) - layer.forward(zip(x, t).map { $0 - $1 * step })
        let expected = change * (1 / (2 * step))
        #expect(try Self.difference(expected, layer.jvp(t, inputs: x)) < 2e-2, "\(example.summary)")
      }
    }
  }

  @Test("rules leave the buffers of a frozen batch norm alone, and parameters that are none")
  func parameters() throws {
    let ones = Tensor([2], rowMajor: [1, 1])
    func norm(_ kind: LayerKind) throws -> BatchNorm {
      try BatchNorm(weight: nil, bias: nil, mean: .zeros([2]), variance: ones, kind: kind)
    }
    #expect(try norm(.batchNorm2d).parameterTraits.areModifiable)
    #expect(try !norm(.frozenBatchNorm2d).parameterTraits.areModifiable)
    #expect(try GroupNorm(groups: 1, channels: 2, weight: ones).parameterTraits.areModifiable)
    #expect(try !GroupNorm(groups: 1, channels: 2).parameterTraits.areModifiable)
  }
}

extension LayerCase {
  /// Settings on which traits depend.
  static func more() throws -> [LayerCase] {
    var draw = Draw(20)
    let pool = PoolingGeometry(kernel: [2])
    return try [
      .init(AveragePool(pool, divisor: -3), .avgPool1d, "AvgPool ÷ −3", [[2, 3, 6]], [2, 3, 3]),
      .init(try LPPool(pool, p: 2), .lpPool, "LPPool", [[2, 3, 6]], [2, 3, 3]),
      .init(Padding(.constant(2), begin: [1], end: [0]), .padding, "Pad 2", [[2, 3, 4]], [2, 3, 5]),
      .init(Padding(.constant(-2), begin: [1], end: [0]), .padding, "Pad −2", [[2, 3, 4]], [2, 3, 5]),
      .init(Padding(.reflect, begin: [1], end: [2]), .padding, "Pad mirror", [[2, 3, 4]], [2, 3, 7]),
      .init(
        try ChannelPadding(values: [1, -1, 2], begin: [1], end: [0]), .padding, "Pad channels", [[2, 3, 4]], [2, 3, 5]),
      .init(
        try BatchNorm(
          weight: draw.tensor([3]), bias: draw.tensor([3]), mean: draw.tensor([3]),
          variance: draw.tensor([3]).map { abs($0) + 1 }), .batchNorm2d, "BatchNorm with all", [[2, 3, 4, 5]],
        [2, 3, 4, 5]),
      .init(
        try Convolution(geometry: .init(rank: 1), weight: draw.tensor([4, 3, 2]), bias: draw.tensor([4])), .conv1d,
        "Conv with bias", [[2, 3, 5]], [2, 4, 4]),
      .init(
        try FullyConnected(weight: draw.tensor([4, 3]), bias: draw.tensor([4])), .fullyConnected, "Linear with bias",
        [[2, 3]], [2, 4]),
      .init(try ChannelShuffle(groups: 2), .channelShuffle, "Shuffle", [[2, 4, 3]], [2, 4, 3]),
      .init(
        try ChannelClamp(lower: [0, -1, 0], upper: [6, 6, 1]), .threshold, "Threshold", [[2, 3, 4]], [2, 3, 4]),
      .init(try LocalResponseNorm(size: 2), .localResponseNorm, "LRN", [[2, 4, 3]], [2, 4, 3]),
      .init(Product(), .product, "×", [[2, 3, 4], [2, 3, 1]], [2, 3, 4]),
      .init(try GatedProduct(signal: 0), .gatedProduct, "× gate", [[2, 3, 4], [2, 3, 1]], [2, 3, 4]),
      .init(Reshape(sample: [4, 3]), .reshape, "Reshape", [[2, 3, 4]], [2, 4, 3]),
      .init(try Transpose(order: [0, 2, 1]), .transpose, "Transpose", [[2, 3, 4]], [2, 4, 3]),
      .init(Slice(axis: 1, range: 1..<3), .slice, "Slice", [[2, 3, 4]], [2, 2, 4]),
      .init(Flatten(first: 2), .flatten, "Flatten behind", [[2, 3, 4, 5]], [2, 3, 20]),
      .init(ActivationLayer(.relu), .relu, "ReLU", [[2, 3, 4]], [2, 3, 4]),
      .init(ActivationLayer(.sigmoid), .sigmoid, "Sigmoid", [[2, 3, 4]], [2, 3, 4]),
      .init(ActivationLayer(.softplus(beta: -2)), .softplus, "Softplus, β < 0", [[2, 3, 4]], [2, 3, 4]),
      .init(
        try Selection(.gather, rows: [1: [2, 0], 2: [3, 3, 1]], of: [1, 3, 4]), .gather, "Gather", [[2, 3, 4]],
        [2, 2, 3]),
      .init(
        try Selection(.expand, rows: [2: [0, 0, 0]], of: [1, 3, 1]), .expand, "Expand", [[2, 3, 1]], [2, 3, 3]),
      .init(
        try Selection(.padding, rows: [1: [-1, 0, 1]], of: [1, 2, 4], filling: 2), .padding, "Pad channels with 2",
        [[2, 2, 4]], [2, 3, 4]),
      .init(
        try Selection(.padding, rows: [1: [-1, 0, 1]], of: [1, 2, 4], filling: -2), .padding,
        "Pad channels with −2", [[2, 2, 4]], [2, 3, 4]),
      .init(
        try FullyConnected(weight: draw.tensor([4, 3]), kind: .matrixProduct), .matrixProduct, "Product with a matrix",
        [[2, 5, 3]], [2, 5, 4]),
      .init(ElementFunction(.power(2)), .function, "Square", [[2, 3, 4]], [2, 3, 4]),
    ]
  }
}
