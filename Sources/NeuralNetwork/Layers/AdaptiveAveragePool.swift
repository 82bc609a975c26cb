import Compute
import Tensors

/// Means over windows that share the input evenly, whatever its extents.
public struct AdaptiveAveragePool: Layer {
  public var kind: LayerKind {
    switch size.extents.count {
    case 1: .adaptiveAvgPool1d
    case 2: .adaptiveAvgPool2d
    default: .adaptiveAvgPool3d
    }
  }
  public var summary: String { "AdaptiveAvgPool " + size.text }
  private let size: AdaptiveExtents

  /// - Parameter output: spatial extents of the result; `nil` leaves an axis as it is.
  public init(output: [Int?]) { size = AdaptiveExtents(output) }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .kept(size.extents.count + 2),
      isFunctional: false, isSampleWise: true,
      isWeightedSum: true, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { inputs.elementCount }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  private static let name = "adaptive average pooling"

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    try size.outputShape(input: inputs.only(), operation: Self.name)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    let windows = try size.windows(over: input.shape, operation: Self.name)
    if windows.outputShape == input.shape { return input }
    return windows.average(of: input, factors: windows.averageFactors(countsPadding: false, divisor: nil))
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let input = try inputs.only().shape
    let windows = try size.windows(over: input, operation: Self.name)
    try windows.check(seed: seed, input: input, operation: Self.name)
    if windows.outputShape == input { return [seed] }
    let factors = windows.averageFactors(countsPadding: false, divisor: nil)
    return [windows.averageAdjoint(seed, inputShape: input, factors: factors)]
  }
}
