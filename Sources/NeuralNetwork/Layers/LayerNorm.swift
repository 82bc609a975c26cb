import Tensors

/// Normalisation over the last axes, or over the channels at each position: `γ (x − mean) / √(variance + eps) + β` with
/// mean and variance of each sample's own (Ba, Kiros and Hinton, arXiv:1607.06450).
public struct LayerNorm: ParameterizedLayer {
  public var kind: LayerKind { .layerNorm }
  public var summary: String { "LayerNorm " + Extents.text(weight.shape.dimensions) }
  /// γ; its shape is that of the axes.
  public let weight: Tensor
  public let bias: Tensor?
  public let epsilon: Float
  /// Whether the channels of each position, not the last axes, are normalised together.
  public let isOverChannels: Bool
  /// β is not a linear layer's: what it adds is no share of the relevance.
  public var offset: Tensor? { nil }

  /// - Throws: ``LayerError`` if γ and β differ in shape or are empty, or are no vectors `(C)` over channels.
  public init(weight: Tensor, bias: Tensor?, epsilon: Float = 1e-5, overChannels: Bool = false) throws {
    guard weight.count > 0, weight.shape.rank > 0, bias?.shape ?? weight.shape == weight.shape,
      !overChannels || weight.shape.rank == 1
    else {
      throw LayerError("a weight of shape \(weight.shape) found, the bias's shape and some elements expected")
    }
    self.init(checked: weight, bias, epsilon, overChannels: overChannels)
  }

  private init(checked weight: Tensor, _ bias: Tensor?, _ epsilon: Float, overChannels: Bool) {
    self.weight = weight.converted(to: .rowMajor)
    self.bias = bias?.converted(to: .rowMajor)
    self.epsilon = epsilon
    isOverChannels = overChannels
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .normalizing, signs: .unknown, axes: .kept(nil), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { RowNormalization.flops(output: output) }
  public var tensors: [Tensor] { [weight] + [bias].compactMap { $0 } }
  public var secondOrder: SecondOrder { .unavailable }
  public var parameterTraits: ParameterTraits {
    ParameterTraits(offsetAxis: 1, areModifiable: true, areKeptReordered: false)
  }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    if isOverChannels {
      guard shape.rank >= 2, shape.channels == weight.count else {
        throw LayerError("an input of shape \(shape) found, (N, \(weight.count), …) expected")
      }
      return shape
    }
    guard shape.rank > weight.shape.rank,
      shape.dimensions.suffix(weight.shape.rank).elementsEqual(weight.shape.dimensions)
    else {
      throw LayerError("an input of shape \(shape) found, last axes of \(weight.shape) expected")
    }
    return shape
  }

  private var rows: RowNormalization {
    RowNormalization(
      length: weight.count, gain: weight.rowMajorElements(), offset: bias?.rowMajorElements(), epsilon: epsilon,
      layout: isOverChannels ? .channelsLast : .rowMajor)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { rows.forward(try inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [rows.vjp(seed, input: try inputs.only())]
  }

  public func replacing(weight: Tensor, bias: Tensor?) -> LayerNorm {
    LayerNorm(checked: weight, bias, epsilon, overChannels: isOverChannels)
  }
}
