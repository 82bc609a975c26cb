import Compute
import Tensors

/// Largest elements of windows that share the input evenly, whatever its extents.
public struct AdaptiveMaxPool: Layer {
  public var kind: LayerKind {
    switch size.extents.count {
    case 1: .adaptiveMaxPool1d
    case 2: .adaptiveMaxPool2d
    default: .adaptiveMaxPool3d
    }
  }
  public var summary: String { "AdaptiveMaxPool " + size.text }
  private let size: AdaptiveExtents

  /// - Parameter output: spatial extents of the result; `nil` leaves an axis as it is.
  public init(output: [Int?]) { size = AdaptiveExtents(output) }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .keepsNonnegative, axes: .kept(size.extents.count + 2),
      isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { inputs.elementCount }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .curved(self) }

  private static let name = "adaptive max pooling"

  private func windows(over input: Shape) throws -> PoolingWindows {
    try size.windows(over: input, operation: Self.name)
  }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    try size.outputShape(input: inputs.only(), operation: Self.name)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    return try windows(over: input.shape).maximum(of: input)
  }

  /// Routes `seed` to the first maximum of each window.
  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let input = try inputs.only()
    let windows = try windows(over: input.shape)
    try windows.check(seed: seed, input: input.shape, operation: Self.name)
    return [windows.maximumAdjoint(seed, input: input)]
  }
}

extension AdaptiveMaxPool: TwiceDifferentiable {
  public func jvp(_ tangent: Tensor, input: Tensor) throws -> Tensor {
    try windows(over: input.shape).maximumTangent(tangent, input: input)
  }

  public func curvature(_ tangent: Tensor, seed: Tensor, input: Tensor) -> Tensor? { nil }
}
