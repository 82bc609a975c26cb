import Tensors

/// The place where the input enters; node 0 of every network.
public struct InputLayer: Layer {
  public var kind: LayerKind { .input }
  public var summary: String { "Input" }
  /// The number of the input's axes, the batch's included, if it is known; what canonizers may want to know.
  public let rank: Int?

  public init(rank: Int? = nil) { self.rank = rank }
  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .unknown, axes: .fixed(rank), isFunctional: true, isSampleWise: true,
      isWeightedSum: false, isIdentity: true)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(Identity()) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { throw LayerError("the input has no inputs") }
  public func forward(_ inputs: [Tensor]) throws -> Tensor { throw LayerError("the input is given, not computed") }
  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] { [] }
}
