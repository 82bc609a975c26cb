import Compute
import NeuralNetwork
import Tensors

/// Small networks of the kinds that canonizers by graph are for.
///
/// `biased: false` makes copies in which nothing is added anywhere, so that relevance has nowhere to go but the input.
enum GraphNetworks {
  /// γ of both signs.
  static func norm(_ channels: Int, seed: UInt64, biased: Bool, kind: LayerKind = .batchNorm2d) throws -> BatchNorm {
    let signs = Tensor.random([channels], seed: seed, scale: 0.5, offset: 1).rowMajorElements().enumerated().map {
      $0.offset % 3 == 1 ? -$0.element : $0.element
    }
    return try BatchNorm(
      weight: Tensor([channels], rowMajor: signs), bias: biased ? .random([channels], seed: seed + 1) : nil,
      mean: biased ? .random([channels], seed: seed + 2, scale: 0.5) : Tensor([channels], filledWith: 0),
      variance: .random([channels], seed: seed + 3, scale: 0.5, offset: 1), kind: kind)
  }

  private static func convolution(
    _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1, groups: Int = 1, seed: UInt64, biased: Bool = false
  ) throws -> Convolution {
    try Convolution(
      geometry: ConvolutionGeometry(rank: 2, stride: stride, padding: kernel / 2, groups: groups),
      weight: .random(
        [outputs, inputs / groups, kernel, kernel], seed: seed,
        scale: (6 / Float(inputs / groups * kernel * kernel)).squareRoot(), layout: .rowMajor),
      bias: biased ? .random([outputs], seed: seed + 1, scale: 0.3) : nil)
  }

  /// A DenseNet of one block with two layers, a transition and torchvision's names.
  static func dense(biased: Bool = true) throws -> Network {
    var net = NetworkBuilder(name: "dense")
    net.add("features.conv0", try convolution(3, 6, stride: 2, seed: 1))
    net.add("features.norm0", try norm(6, seed: 2, biased: biased))
    net.add("features.relu0", TestNetworks.relu)
    var parts = [net.last]
    for index in 1...2 {
      let path = "features.denseblock1.denselayer\(index)"
      let seed = UInt64(10 * index)
      net.add("\(path).cat", Concatenation(axis: 1), from: parts)
      net.add("\(path).norm1", try norm(6 + 4 * (index - 1), seed: seed, biased: biased))
      net.add("\(path).relu1", TestNetworks.relu)
      net.add("\(path).conv1", try convolution(6 + 4 * (index - 1), 8, kernel: 1, seed: seed + 1))
      net.add("\(path).norm2", try norm(8, seed: seed + 2, biased: biased))
      net.add("\(path).relu2", TestNetworks.relu)
      parts.append(net.add("\(path).conv2", try convolution(8, 4, seed: seed + 3)))
    }
    net.add("features.denseblock1.cat", Concatenation(axis: 1), from: parts)
    net.add("features.transition1.norm", try norm(14, seed: 40, biased: biased))
    net.add("features.transition1.relu", TestNetworks.relu)
    net.add("features.transition1.conv", try convolution(14, 7, kernel: 1, seed: 41))
    net.add("features.transition1.pool", AveragePool(PoolingGeometry(kernel: [2, 2])))
    net.add("features.norm5", try norm(7, seed: 42, biased: biased))
    net.add("relu", TestNetworks.relu)
    net.add("avgpool", AdaptiveAveragePool(output: [1, 1]))
    net.add("flatten", Flatten())
    net.add("classifier", try TestNetworks.fullyConnected(7, 5, seed: 43, biased: biased))
    return try net.build()
  }

  /// Pre-activation residual blocks: padded and strided convolutions and a projection read one activation.
  static func preactivation(_ activation: Activation = .relu, biased: Bool = true) throws -> Network {
    var net = NetworkBuilder(name: "preactivation")
    var entry = net.add("stem", try convolution(3, 6, seed: 1, biased: biased))
    for (index, stride) in [1, 2].enumerated() {
      let path = "blocks.\(index)"
      let seed = UInt64(20 * (index + 1))
      net.add("\(path).bn1", try norm(6, seed: seed, biased: biased))
      let active = net.add("\(path).relu", ActivationLayer(activation))
      net.add("\(path).conv1", try convolution(6, 8, stride: stride, seed: seed + 1, biased: biased))
      net.add("\(path).bn2", try norm(8, seed: seed + 2, biased: biased))
      net.add("\(path).relu2", ActivationLayer(activation))
      let branch = net.add("\(path).conv2", try convolution(8, 6, groups: 2, seed: seed + 3))
      if stride == 2 {
        entry = net.add("\(path).project", try convolution(6, 6, kernel: 1, stride: 2, seed: seed + 4), from: [active])
      }
      entry = net.add("\(path).add", Add(), from: [branch, entry])
    }
    net.add("flatten", Flatten())
    net.add("bn", try norm(216, seed: 90, biased: biased, kind: .batchNorm1d))
    net.add("fc", try TestNetworks.fullyConnected(216, 5, seed: 91, biased: biased))
    return try net.build()
  }

  /// How a gate is written.
  enum GateKind: String, CaseIterable, Sendable {
    case sigmoid, hardsigmoid
    /// `clip(x + 3, 0, 6) / 6`, as exporters write it out.
    case clipped
    /// Any activation; only that it is broadcast tells the gate.
    case softplus
  }

  /// An inverted residual block with squeeze-and-excitation, as in MobileNetV3 and EfficientNet; `gateFirst` is the
  /// order of the factors.
  static func gated(_ gate: GateKind, gateFirst: Bool = true, biased: Bool = true) throws -> Network {
    var net = NetworkBuilder(name: "gated")
    let entry = net.add("stem", try convolution(3, 6, seed: 1, biased: biased))
    net.add("expand", try convolution(6, 12, kernel: 1, seed: 2))
    net.add("expand_bn", try norm(12, seed: 3, biased: biased))
    let signal = net.add("act", ActivationLayer(.silu))
    net.add("se.avgpool", AdaptiveAveragePool(output: [1, 1]))
    net.add("se.fc1", try convolution(12, 4, kernel: 1, seed: 4, biased: true))
    net.add("se.relu", TestNetworks.relu)
    net.add("se.fc2", try convolution(4, 12, kernel: 1, seed: 5, biased: true))
    switch gate {
    case .sigmoid: net.add("se.gate", ActivationLayer(.sigmoid))
    case .hardsigmoid: net.add("se.gate", ActivationLayer(.hardsigmoid))
    case .softplus: net.add("se.gate", ActivationLayer(.softplus(beta: 1)))
    case .clipped:
      let ones = Tensor([12], filledWith: 1)
      let zeros = Tensor([12], filledWith: 0)
      net.add(
        "se.plus3",
        try BatchNorm(weight: nil, bias: Tensor([12], filledWith: 3), mean: zeros, variance: ones, epsilon: 0))
      net.add("se.clip", ActivationLayer(.relu6))
      net.add(
        "se.gate",
        try BatchNorm(weight: Tensor([12], filledWith: 1 / 6), bias: nil, mean: zeros, variance: ones, epsilon: 0))
    }
    net.add("se.mul", Product(), from: gateFirst ? [net.last, signal] : [signal, net.last])
    net.add("project", try convolution(12, 6, kernel: 1, seed: 6))
    let branch = net.add("project_bn", try norm(6, seed: 7, biased: biased))
    net.add("add", Add(), from: [branch, entry])
    net.add("avgpool", AdaptiveAveragePool(output: [1, 1]))
    net.add("flatten", Flatten())
    net.add("fc", try TestNetworks.fullyConnected(6, 5, seed: 8, biased: biased))
    return try net.build()
  }

  /// `x · sigmoid(x)`, written out.
  static func writtenOutSiLU() throws -> Network {
    var net = NetworkBuilder(name: "silu")
    let signal = net.add("stem", try convolution(3, 6, seed: 1))
    net.add("sigmoid", ActivationLayer(.sigmoid))
    net.add("mul", Product(), from: [signal, net.last])
    net.add("avgpool", AdaptiveAveragePool(output: [1, 1]))
    net.add("flatten", Flatten())
    net.add("fc", try TestNetworks.fullyConnected(6, 5, seed: 2, biased: false))
    return try net.build()
  }

  /// What comes after a batch norm that reads a concatenation.
  static func afterNorm(_ layers: [any Layer], weight: Tensor? = nil) throws -> Network {
    var net = NetworkBuilder(name: "after")
    let stem = net.add("stem", try convolution(3, 4, seed: 1))
    net.add("cat", Concatenation(axis: 1), from: [stem, stem])
    let norm = try norm(8, seed: 2, biased: true)
    net.add(
      "norm",
      try BatchNorm(
        weight: weight ?? norm.weight, bias: norm.bias, mean: norm.runningMean, variance: norm.runningVariance))
    for (index, layer) in layers.enumerated() { net.add("layer\(index)", layer) }
    return try net.build()
  }
}
