import Compute
import NeuralNetwork
import Tensors

/// Small networks with seeded parameters.
enum TestNetworks {
  static func convolution(
    _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1, padding: Int = 1, seed: UInt64, biased: Bool = true
  ) throws -> Convolution {
    let scale = (6 / Float(inputs * kernel * kernel)).squareRoot()
    return try Convolution(
      geometry: ConvolutionGeometry(rank: 2, stride: stride, padding: padding),
      weight: .random([outputs, inputs, kernel, kernel], seed: seed, scale: scale, layout: .rowMajor),
      bias: biased ? .random([outputs], seed: seed + 1000, scale: 0.2) : nil)
  }

  static func fullyConnected(_ inputs: Int, _ outputs: Int, seed: UInt64, biased: Bool = true) throws -> FullyConnected
  {
    try FullyConnected(
      weight: .random([outputs, inputs], seed: seed, scale: (6 / Float(inputs)).squareRoot()),
      bias: biased ? .random([outputs], seed: seed + 1000, scale: 0.2) : nil)
  }

  static func batchNorm(_ channels: Int, seed: UInt64, kind: LayerKind = .batchNorm2d) throws -> BatchNorm {
    try BatchNorm(
      weight: .random([channels], seed: seed, scale: 0.5, offset: 1), bias: .random([channels], seed: seed + 1),
      mean: .random([channels], seed: seed + 2, scale: 0.2),
      variance: .random([channels], seed: seed + 3, scale: 0.5, offset: 1), kind: kind)
  }

  static let relu = ActivationLayer(.relu)

  /// A picture for all of these networks, `(batch, 3, 12, 12)`.
  static func picture(batch: Int = 2, seed: UInt64 = 7) -> Tensor { .random([batch, 3, 12, 12], seed: seed) }

  /// `features.0 …` and `classifier.0 …` as in torchvision's VGG, five classes.
  static func vgg(biased: Bool = true) throws -> Network {
    var builder = NetworkBuilder(name: "small_vgg")
    builder.add("features.0", try convolution(3, 8, seed: 1, biased: biased))
    builder.add("features.1", relu)
    builder.add("features.2", try convolution(8, 8, seed: 2, biased: biased))
    builder.add("features.3", relu)
    builder.add("features.4", MaxPool(PoolingGeometry(kernel: [2, 2])))
    builder.add("features.5", try convolution(8, 12, seed: 3, biased: biased))
    builder.add("features.6", relu)
    builder.add("avgpool", AdaptiveAveragePool(output: [2, 2]))
    builder.add("flatten", Flatten())
    builder.add("classifier.0", try fullyConnected(48, 16, seed: 4, biased: biased))
    builder.add("classifier.1", relu)
    builder.add("classifier.2", try fullyConnected(16, 5, seed: 5, biased: biased))
    return try builder.build()
  }

  /// A stem and one residual block with a projection, as torchvision's ResNet names them; `relu` is used twice.
  static func residual() throws -> Network {
    var builder = NetworkBuilder(name: "small_resnet")
    builder.add("conv1", try convolution(3, 6, seed: 11, biased: false))
    builder.add("bn1", try batchNorm(6, seed: 12))
    let stem = builder.add("relu", relu)
    builder.add("layer1.0.conv1", try convolution(6, 8, stride: 2, seed: 13, biased: false))
    builder.add("layer1.0.bn1", try batchNorm(8, seed: 14))
    builder.add("layer1.0.relu", relu)
    builder.add("layer1.0.conv2", try convolution(8, 8, seed: 15, biased: false))
    let branch = builder.add("layer1.0.bn2", try batchNorm(8, seed: 16))
    builder.add(
      "layer1.0.downsample.0", try convolution(6, 8, kernel: 1, stride: 2, padding: 0, seed: 17, biased: false),
      from: [stem])
    let shortcut = builder.add("layer1.0.downsample.1", try batchNorm(8, seed: 18))
    builder.add("layer1.0.add", Add(), from: [branch, shortcut])
    builder.add("layer1.0.relu", relu)
    builder.add("avgpool", AdaptiveAveragePool(output: [1, 1]))
    builder.add("flatten", Flatten())
    builder.add("fc", try fullyConnected(8, 4, seed: 19))
    builder.registrationOrder = [
      "conv1", "bn1", "relu", "layer1.0.conv1", "layer1.0.bn1", "layer1.0.relu", "layer1.0.conv2", "layer1.0.bn2",
      "layer1.0.downsample.0", "layer1.0.downsample.1", "avgpool", "flatten", "fc",
    ]
    return try builder.build()
  }

  /// One layer, called `layer`.
  static func single(_ layer: any Layer) throws -> Network {
    var builder = NetworkBuilder(name: "single")
    builder.add("layer", layer)
    return try builder.build()
  }
}
