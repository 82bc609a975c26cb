import Compute
import Tensors

/// Inputs side by side along one axis, by default the channels.
public struct Concatenation: Layer {
  public var kind: LayerKind { .concatenation }
  public var summary: String { "Concat" }
  private let operation: Joining

  /// - Parameter axis: negative numbers count from the end.
  public init(axis: Int = 1) { operation = Joining(axis: axis) }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .kept(nil), isFunctional: true,
      isSampleWise: operation.axis > 0,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try operation.outputShape(inputs: inputs) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try operation.forward(inputs) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    try operation.vjp(seed, inputShapes: inputs.map(\.shape))
  }
}
