import Compute
import Tensors

/// The largest element of every window; its gradient goes to the first maximum.
public struct MaxPool: Layer {
  public var kind: LayerKind {
    switch operation.geometry.rank {
    case 1: .maxPool1d
    case 2: .maxPool2d
    default: .maxPool3d
    }
  }
  public var summary: String { "MaxPool " + operation.geometry.text }
  public var geometry: PoolingGeometry { operation.geometry }
  private let operation: MaxPooling

  public init(_ geometry: PoolingGeometry) { operation = MaxPooling(geometry) }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .keepsNonnegative, axes: .kept(geometry.rank + 2), isFunctional: false,
      isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { geometry.flops(output: output) }
  public var secondOrder: SecondOrder { .curved(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try operation.outputShape(input: inputs.only()) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try operation.forward(inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try operation.vjp(seed, input: inputs.only())]
  }
}

extension MaxPool: TwiceDifferentiable {
  public func jvp(_ tangent: Tensor, input: Tensor) throws -> Tensor { try operation.jvp(tangent, input: input) }

  public func curvature(_ tangent: Tensor, seed: Tensor, input: Tensor) -> Tensor? { nil }
}
