import Compute
import Tensors

/// The mean of every window.
public struct AveragePool: Layer {
  public var kind: LayerKind {
    switch operation.geometry.rank {
    case 1: .avgPool1d
    case 2: .avgPool2d
    default: .avgPool3d
    }
  }
  public var summary: String { "AvgPool " + operation.geometry.text }
  public var geometry: PoolingGeometry { operation.geometry }
  /// Whether the mean of a constant is the constant, also at the borders.
  public let keepsConstants: Bool
  /// The number that windows are divided by instead of the number of their elements.
  public let divisor: Int?
  private let operation: AveragePooling

  /// - Parameters:
  ///   - countsPadding: whether zeros of the padding count as elements (`count_include_pad`).
  ///   - divisor: the number to divide by instead of the number of elements.
  public init(_ geometry: PoolingGeometry, countsPadding: Bool = true, divisor: Int? = nil) {
    operation = AveragePooling(geometry, countsPadding: countsPadding, divisor: divisor)
    let isPadded = (geometry.paddingBegin + geometry.paddingEnd).contains { $0 != 0 }
    self.divisor = divisor
    keepsConstants = divisor == nil && !(countsPadding && isPadded)
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: divisor ?? 1 > 0 ? .keepsNonnegative : .unknown, axes: .kept(geometry.rank + 2),
      isFunctional: false, isSampleWise: true,
      isWeightedSum: true, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { geometry.flops(output: output) }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try operation.outputShape(input: inputs.only()) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try operation.forward(inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try operation.vjp(seed, inputShape: inputs.only().shape)]
  }
}
