import Compute
import Tensors

/// The largest element of every window, over 1 to 3 spatial axes; NaN in a window gives NaN. The gradient goes to the first
/// maximum in row-major order of the window, as in torch.
public struct MaxPool: Layer {
  public var kind: LayerKind {
    switch geometry.rank {
    case 1: .maxPool1d
    case 2: .maxPool2d
    default: .maxPool3d
    }
  }
  public var summary: String { "MaxPool " + geometry.text }
  public let geometry: PoolingGeometry

  public init(_ geometry: PoolingGeometry) { self.geometry = geometry }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .keepsNonnegative, axes: .kept(geometry.rank + 2), isFunctional: false,
      isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { geometry.flops(output: output) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .curved(self) }

  private static let name = "max pooling"

  private func windows(over input: Shape) throws -> PoolingWindows {
    try geometry.windows(over: input, operation: Self.name)
  }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    try geometry.outputShape(input: inputs.only(), operation: Self.name)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    return try windows(over: input.shape).maximum(of: input)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let input = try inputs.only()
    let windows = try windows(over: input.shape)
    try windows.check(seed: seed, input: input.shape, operation: Self.name)
    return [windows.maximumAdjoint(seed, input: input)]
  }
}

extension MaxPool: TwiceDifferentiable {
  public func jvp(_ tangent: Tensor, input: Tensor) throws -> Tensor {
    try windows(over: input.shape).maximumTangent(tangent, input: input)
  }

  public func curvature(_ tangent: Tensor, seed: Tensor, input: Tensor) -> Tensor? { nil }
}
