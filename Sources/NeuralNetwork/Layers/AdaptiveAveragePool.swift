import Compute
import Tensors

/// Means over windows that share the input evenly, whatever its extents.
public struct AdaptiveAveragePool: Layer {
  public var kind: LayerKind {
    switch operation.output.extents.count {
    case 1: .adaptiveAvgPool1d
    case 2: .adaptiveAvgPool2d
    default: .adaptiveAvgPool3d
    }
  }
  public var summary: String { "AdaptiveAvgPool " + operation.output.text }
  private let operation: AdaptiveAveragePooling

  /// - Parameter output: spatial extents of the result; `nil` leaves an axis as it is.
  public init(output: [Int?]) { operation = AdaptiveAveragePooling(AdaptiveExtents(output)) }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .kept(operation.output.extents.count + 2),
      isFunctional: false, isSampleWise: true,
      isWeightedSum: true, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { inputs.elementCount }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try operation.outputShape(input: inputs.only()) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try operation.forward(inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try operation.vjp(seed, inputShape: inputs.only().shape)]
  }
}
