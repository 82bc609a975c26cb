import Tensors

/// Normalisation over groups of channels, each with its pixels: `γ (x − mean) / √(variance + eps) + β` with mean and
/// variance of each sample's own, γ and β per channel (Wu and He, arXiv:1803.08494). With a group for each channel it is
/// instance norm.
public struct GroupNorm: ParameterizedLayer {
  public let kind: LayerKind
  public var summary: String {
    kind == .groupNorm ? "GroupNorm \(weight.count) in \(groups)" : "InstanceNorm \(weight.count)"
  }
  public let groups: Int
  /// γ, `(C)`.
  public let weight: Tensor
  /// β, `(C)`.
  public let bias: Tensor?
  public let epsilon: Float
  /// Whether γ is a parameter, which rules may modify, or the number one.
  public let isAffine: Bool
  /// What β adds is no share of a linear layer's.
  public var offset: Tensor? { nil }

  /// - Parameters:
  ///   - channels: C, of which each group has as many.
  ///   - weight: γ, `(C)`; 1, and no parameter, if `nil`.
  ///   - kind: group norm, or one of the instance norms.
  /// - Throws: ``LayerError`` if the channels cannot be shared out evenly, or parameters are not one per channel.
  public init(
    groups: Int, channels: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Float = 1e-5,
    kind: LayerKind = .groupNorm
  ) throws {
    guard groups > 0, channels > 0, channels % groups == 0 else {
      throw LayerError("\(channels) channels in \(groups) groups found, as many in each expected")
    }
    for parameter in [weight, bias].compactMap({ $0 }) where parameter.shape != [channels] {
      throw LayerError("a parameter of shape \(parameter.shape) found, (\(channels)) expected")
    }
    self.init(
      groups, weight ?? .uniform([channels], 1), bias, epsilon, kind, isAffine: weight != nil)
  }

  private init(
    _ groups: Int, _ weight: Tensor, _ bias: Tensor?, _ epsilon: Float, _ kind: LayerKind, isAffine: Bool
  ) {
    (self.groups, self.weight, self.bias, self.epsilon, self.kind) = (groups, weight, bias, epsilon, kind)
    self.isAffine = isAffine
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .normalizing, signs: .unknown, axes: .kept(axes), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { RowNormalization.flops(output: output) }
  public var tensors: [Tensor] { [weight] + [bias].compactMap { $0 } }
  public var secondOrder: SecondOrder { .unavailable }
  public var parameterTraits: ParameterTraits {
    ParameterTraits(offsetAxis: 1, areModifiable: isAffine, areKeptReordered: false)
  }
  private var axes: Int? {
    switch kind {
    case .instanceNorm2d: 4
    case .instanceNorm3d: 5
    default: nil
    }
  }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard shape.rank >= 2, shape.channels == weight.count else {
      throw LayerError("an input of shape \(shape) found, (N, \(weight.count), …) expected")
    }
    return shape
  }

  private func rows(_ shape: Shape) -> RowNormalization {
    let pixels = shape.sampleCount / max(1, weight.count)
    func perElement(_ parameter: Tensor) -> [Float] {
      parameter.rowMajorElements().flatMap { [Float](repeating: $0, count: pixels) }
    }
    return RowNormalization(
      length: shape.sampleCount / groups, gain: perElement(weight), offset: bias.map(perElement), epsilon: epsilon)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    return rows(input.shape).forward(input)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let input = try inputs.only()
    return [rows(input.shape).vjp(seed, input: input)]
  }

  /// Without parameters it stays as it is.
  public func replacing(weight: Tensor, bias: Tensor?) -> GroupNorm {
    isAffine ? GroupNorm(groups, weight, bias, epsilon, kind, isAffine: true) : self
  }
}
