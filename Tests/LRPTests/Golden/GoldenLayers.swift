import Compute
import LRP
import ModelFormats
import NeuralNetwork
import Tensors

/// Makes the layers of the `rules` group.
struct GoldenLayers {
  private let golden: GoldenLayer
  private let tensors: SafetensorsFile
  private let kind: LayerKind

  /// The layers of `golden` in the order in which they run: padding of its own where the fixture's module has some
  /// that repeats pixels, then the layer itself.
  static func make(_ golden: GoldenLayer, _ tensors: SafetensorsFile) throws -> [any Layer] {
    guard let kind = LayerKind(rawValue: golden.kind) else { throw GoldenError("layer kind \(golden.kind)") }
    let maker = GoldenLayers(golden: golden, tensors: tensors, kind: kind)
    guard let mode = golden.options["padding_mode"]?.text else { return [try maker.layer()] }
    let (begin, end) = maker.padding
    return [Padding(try maker.paddingMode(mode), begin: begin, end: end), try maker.layer(unpadded: true)]
  }

  private func integers(_ name: String) throws -> [Int] {
    guard let values = golden.options[name]?.integers else { throw GoldenError("\(golden.name): no \(name)") }
    return values
  }

  private func number(_ name: String, _ usual: Float) -> Float {
    golden.options[name]?.double.map { Float($0) } ?? usual
  }

  private var padding: (begin: [Int], end: [Int]) {
    let sides = golden.options["padding"]?.list?.compactMap(\.integers) ?? []
    return (sides.map { $0[0] }, sides.map { $0[1] })
  }

  private func paddingMode(_ name: String) throws -> Padding.Mode {
    switch name {
    case "zeros": .constant(0)
    case "reflect": .reflect
    case "replicate": .replicate
    case "circular": .circular
    default: throw GoldenError("\(golden.name): padding mode \(name)")
    }
  }

  private func parameter(_ name: String) throws -> Tensor? {
    try golden.parameters[name].map { try tensors.tensor($0) }
  }

  private func required(_ name: String) throws -> Tensor {
    guard let tensor = try parameter(name) else { throw GoldenError("\(golden.name): no \(name)") }
    return tensor
  }

  private func layer(unpadded: Bool = false) throws -> any Layer {
    switch kind {
    case _ where LayerType.convolution.contains(kind):
      return try Convolution(
        geometry: convolution(unpadded: unpadded), weight: required("weight"), bias: parameter("bias"))
    case .fullyConnected:
      return try FullyConnected(weight: required("weight"), bias: parameter("bias"))
    case _ where LayerType.batchNorm.contains(kind):
      return try BatchNorm(
        weight: parameter("weight"), bias: parameter("bias"), mean: required("running_mean"),
        variance: required("running_var"), epsilon: golden.options["eps"]?.double ?? 1e-5, kind: kind)
    case .avgPool1d, .avgPool2d, .avgPool3d:
      return AveragePool(try pooling(), countsPadding: golden.options["count_include_pad"]?.boolean ?? true)
    case .maxPool1d, .maxPool2d, .maxPool3d:
      return MaxPool(try pooling())
    case .adaptiveAvgPool1d, .adaptiveAvgPool2d, .adaptiveAvgPool3d:
      return AdaptiveAveragePool(output: try integers("output"))
    case .adaptiveMaxPool1d, .adaptiveMaxPool2d, .adaptiveMaxPool3d:
      return AdaptiveMaxPool(output: try integers("output"))
    case .prelu: return PReLU(slopes: try required("weight").rowMajorElements())
    case .layerNorm:
      return try LayerNorm(weight: required("weight"), bias: parameter("bias"), epsilon: number("eps", 1e-5))
    case .groupNorm, .instanceNorm1d, .instanceNorm2d, .instanceNorm3d:
      let channels = golden.shape[1]
      return try GroupNorm(
        groups: golden.options["groups"]?.integer ?? channels, channels: channels, weight: parameter("weight"),
        bias: parameter("bias"), epsilon: number("eps", 1e-5), kind: kind)
    case _ where LayerType.activation.contains(kind):
      return ActivationLayer(try activation())
    case .sum: return Sum(axis: golden.options["axis"]?.integer)
    case .flatten: return Flatten()
    case .dropout: return Dropout()
    case .softmax: return Softmax()
    case .logSoftmax: return Softmax(isLogarithmic: true)
    case .padding:
      return Padding(try paddingMode(golden.options["mode"]?.text ?? "zeros"), begin: padding.begin, end: padding.end)
    default:
      throw GoldenError("\(golden.name): layer kind \(golden.kind)")
    }
  }

  private func convolution(unpadded: Bool) throws -> ConvolutionGeometry {
    let sides = padding
    return ConvolutionGeometry(
      strides: try integers("stride"), dilations: try integers("dilation"),
      paddingBegin: unpadded ? sides.begin.map { _ in 0 } : sides.begin,
      paddingEnd: unpadded ? sides.end.map { _ in 0 } : sides.end, groups: golden.options["groups"]?.integer ?? 1,
      isTransposed: LayerType.convolutionTranspose.contains(kind),
      outputPadding: golden.options["output_padding"]?.integers)
  }

  private func pooling() throws -> PoolingGeometry {
    PoolingGeometry(
      kernel: try integers("kernel"), strides: try integers("stride"), paddingBegin: padding.begin,
      paddingEnd: padding.end, dilations: golden.options["dilation"]?.integers,
      ceilMode: golden.options["ceil_mode"]?.boolean ?? false)
  }

  private func activation() throws -> Activation {
    switch kind {
    case .elu: .elu(alpha: number("alpha", 1))
    case .hardshrink: .hardshrink(lambda: number("lambd", 0.5))
    case .hardsigmoid: .hardsigmoid
    case .hardtanh: .hardtanh(minimum: number("min_val", -1), maximum: number("max_val", 1))
    case .hardswish: .hardswish
    case .leakyReLU: .leakyReLU(slope: number("negative_slope", 0.01))
    case .logSigmoid: .logSigmoid
    case .relu: .relu
    case .relu6: .relu6
    case .rrelu: .rrelu(lower: number("lower", 1 / 8), upper: number("upper", 1 / 3))
    case .selu: .selu
    case .celu: .celu(alpha: number("alpha", 1))
    case .gelu: .gelu(tanh: golden.options["approximate"]?.text == "tanh")
    case .sigmoid: .sigmoid
    case .silu: .silu
    case .softplus: .softplus(beta: number("beta", 1), threshold: number("threshold", 20))
    case .softshrink: .softshrink(lambda: number("lambd", 0.5))
    case .softsign: .softsign
    case .tanh: .tanh
    case .tanhshrink: .tanhshrink
    case .threshold: .threshold(threshold: number("threshold", 0), value: number("value", 0))
    default: throw GoldenError("\(golden.name): activation \(golden.kind)")
    }
  }
}
