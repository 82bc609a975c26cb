import Compute
import Tensors

/// Joins axes (by default all but the batch) in row-major order of the logical shape.
public struct Flatten: Layer {
  public var kind: LayerKind { .flatten }
  public var summary: String { "Flatten" }
  /// The first axis that is joined; negative numbers count from the end.
  public var first: Int { operation.first }
  /// The last axis that is joined.
  public var last: Int { operation.last }
  private let operation: Flattening

  /// - Parameters:
  ///   - first: first axis to join; negative numbers count from the end.
  ///   - last: last axis to join.
  public init(first: Int = 1, last: Int = -1) { operation = Flattening(first: first, last: last) }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .joined(first: first, last: last), isFunctional: false,
      isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try operation.outputShape(input: inputs.only()) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try operation.forward(inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try operation.vjp(seed, inputShape: inputs.only().shape)]
  }
}
