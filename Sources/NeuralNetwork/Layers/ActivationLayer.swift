import Compute
import Tensors

/// One of the element-wise activations; ``PReLU``, which has a weight, is a layer of its own.
public struct ActivationLayer: Layer {
  public var kind: LayerKind { activation.kind }
  public var summary: String { kind.rawValue }
  public let activation: Activation

  public init(_ activation: Activation) { self.activation = activation }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: activation.isNonnegative ? .nonnegative : .unknown, axes: .kept(nil),
      isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { Double(output.count) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .curved(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    if case .prelu(let slopes) = activation, slopes.count != 1, slopes.count != shape.channels {
      throw LayerError("an input of shape \(shape) found, (N, \(slopes.count), …) expected for as many slopes")
    }
    return shape
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try activation.forward(inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try activation.vjp(seed, input: inputs.only())]
  }
}

extension ActivationLayer: TwiceDifferentiable {
  public func jvp(_ tangent: Tensor, input: Tensor) throws -> Tensor { try activation.vjp(tangent, input: input) }

  public func curvature(_ tangent: Tensor, seed: Tensor, input: Tensor) -> Tensor? {
    activation.isPiecewiseLinear ? nil : tangent * seed * activation.curvature(input)
  }
}

extension Activation {
  /// Whether no value is negative.
  fileprivate var isNonnegative: Bool {
    switch self {
    case .relu, .relu6, .sigmoid, .hardsigmoid: true
    // With β < 0 it is never positive; below a negative threshold it is the identity.
    case .softplus(let beta, let threshold): beta > 0 && threshold >= 0
    default: false
    }
  }

  fileprivate var kind: LayerKind {
    switch self {
    case .elu: .elu
    case .hardshrink: .hardshrink
    case .hardsigmoid: .hardsigmoid
    case .hardtanh: .hardtanh
    case .hardswish: .hardswish
    case .leakyReLU: .leakyReLU
    case .logSigmoid: .logSigmoid
    case .mish: .mish
    case .prelu: .prelu
    case .relu: .relu
    case .relu6: .relu6
    case .rrelu: .rrelu
    case .selu: .selu
    case .celu: .celu
    case .gelu: .gelu
    case .sigmoid: .sigmoid
    case .silu: .silu
    case .softplus: .softplus
    case .softshrink: .softshrink
    case .softsign: .softsign
    case .tanh: .tanh
    case .tanhshrink: .tanhshrink
    case .threshold: .threshold
    }
  }
}
