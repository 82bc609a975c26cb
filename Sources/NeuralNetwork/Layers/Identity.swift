import Tensors

/// Hands its input on.
public struct Identity: Layer {
  public var kind: LayerKind { .identity }
  public var summary: String { "Identity" }
  public init() {}
  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .kept(nil), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: true)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try inputs.only() }
  public func forward(_ inputs: [Tensor]) throws -> Tensor { try inputs.only() }
  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] { [seed] }
}
