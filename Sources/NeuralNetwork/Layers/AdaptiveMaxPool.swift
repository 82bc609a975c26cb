import Compute
import Tensors

/// Largest elements of windows that share the input evenly, whatever its extents.
public struct AdaptiveMaxPool: Layer {
  public var kind: LayerKind {
    switch operation.output.extents.count {
    case 1: .adaptiveMaxPool1d
    case 2: .adaptiveMaxPool2d
    default: .adaptiveMaxPool3d
    }
  }
  public var summary: String { "AdaptiveMaxPool " + operation.output.text }
  private let operation: AdaptiveMaxPooling

  /// - Parameter output: spatial extents of the result; `nil` leaves an axis as it is.
  public init(output: [Int?]) { operation = AdaptiveMaxPooling(AdaptiveExtents(output)) }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .keepsNonnegative, axes: .kept(operation.output.extents.count + 2),
      isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { inputs.elementCount }
  public var secondOrder: SecondOrder { .curved(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try operation.outputShape(input: inputs.only()) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try operation.forward(inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try operation.vjp(seed, input: inputs.only())]
  }
}

extension AdaptiveMaxPool: TwiceDifferentiable {
  public func jvp(_ tangent: Tensor, input: Tensor) throws -> Tensor { try operation.jvp(tangent, input: input) }

  public func curvature(_ tangent: Tensor, seed: Tensor, input: Tensor) -> Tensor? { nil }
}
