import Compute
import Tensors

/// `x` where it is positive, else a learnt slope times `x`: an activation with a weight, which rules may modify
/// (He et al., arXiv:1502.01852).
public struct PReLU: ParameterizedLayer {
  public var kind: LayerKind { .prelu }
  public var summary: String { kind.rawValue }
  /// The slopes, `(C)` or `(1)`.
  public let weight: Tensor
  public var bias: Tensor? { nil }
  private let layer: ActivationLayer

  /// - Parameter slopes: one for each channel, or one for all.
  public init(slopes: [Float]) {
    weight = Tensor([slopes.count], rowMajor: slopes)
    layer = ActivationLayer(.prelu(slopes: slopes))
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .unknown, axes: .kept(nil), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { Double(output.count) }
  public var tensors: [Tensor] { [weight] }
  public var secondOrder: SecondOrder { .curved(self) }
  public var parameterTraits: ParameterTraits {
    ParameterTraits(offsetAxis: 1, areModifiable: true, areKeptReordered: false)
  }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try layer.outputShape(for: inputs) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try layer.forward(inputs) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    try layer.vjp(seed, inputs: inputs, output: output)
  }

  public func replacing(weight: Tensor, bias: Tensor?) -> PReLU { PReLU(slopes: weight.rowMajorElements()) }
}

extension PReLU: TwiceDifferentiable {
  public func jvp(_ tangent: Tensor, input: Tensor) throws -> Tensor { try layer.jvp(tangent, input: input) }

  public func curvature(_ tangent: Tensor, seed: Tensor, input: Tensor) -> Tensor? { nil }
}
