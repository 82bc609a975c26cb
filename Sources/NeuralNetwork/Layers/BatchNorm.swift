import Compute
import Tensors

/// Batch normalisation in evaluation mode: per channel `γ (x − μ) / √(σ² + eps) + β`.
public struct BatchNorm: BatchNormalizing {
  public let kind: LayerKind
  public var summary: String { "\(kind == .scale ? "Scale" : "BatchNorm") \(weight.count)" }
  /// γ, `(C)`.
  public let weight: Tensor
  private let beta: Tensor
  /// β, `(C)`.
  public var bias: Tensor? { beta }
  public let runningMean: Tensor
  public let runningVariance: Tensor
  public let epsilon: Double
  /// What each channel is multiplied by: `γ / √(σ² + eps)`, `(C)`.
  private let scale: Tensor
  /// What is then added: `β − μ · scale`, `(C)`.
  private let shift: Tensor
  public var offset: Tensor? { shift }
  /// A merged batch norm: nothing is multiplied and nothing added, so tensors pass as they are, without a copy.
  private let changesNothing: Bool

  private static let name = "batch normalisation"

  /// - Parameters:
  ///   - weight: γ, `(C)`; 1 if `nil`.
  ///   - bias: β, `(C)`; 0 if `nil`.
  ///   - mean: μ, `(C)`.
  ///   - variance: σ², `(C)`.
  ///   - kind: which of the batch norms of PyTorch it is.
  /// - Throws: ``ComputeError`` if the parameters disagree about the number of channels.
  public init(
    weight: Tensor?, bias: Tensor?, mean: Tensor, variance: Tensor, epsilon: Double = 1e-5,
    kind: LayerKind = .batchNorm2d
  ) throws {
    let channels: Shape = [mean.count]
    let weight = weight ?? .uniform(channels, 1)
    let bias = bias ?? .uniform(channels, 0)
    for part in [weight, bias, variance] where part.count != channels.count {
      throw ComputeError.shape(operation: Self.name, found: part.shape, expected: "\(channels), as its mean has")
    }
    self.init(checked: weight, bias, mean, variance, epsilon, kind)
  }

  private init(
    checked weight: Tensor, _ bias: Tensor, _ mean: Tensor, _ variance: Tensor, _ epsilon: Double, _ kind: LayerKind
  ) {
    (self.weight, beta, runningMean, runningVariance) = (weight, bias, mean, variance)
    (self.epsilon, self.kind) = (epsilon, kind)
    let (gamma, beta) = (weight.rowMajorElements(), bias.rowMajorElements())
    let (means, variances) = (mean.rowMajorElements(), variance.rowMajorElements())
    let scales = gamma.indices.map { Double(gamma[$0]) / (Double(variances[$0]) + epsilon).squareRoot() }
    let shifts = scales.indices.map { Float(Double(beta[$0]) - Double(means[$0]) * scales[$0]) }
    scale = Tensor([mean.count], rowMajor: scales.map { Float($0) })
    shift = Tensor([mean.count], rowMajor: shifts)
    changesNothing = scales.allSatisfy { Float($0) == 1 } && shifts.allSatisfy { $0 == 0 }
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .unknown, axes: .kept(axes), isFunctional: kind == .scale, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 2 * Double(output.count) }
  public var tensors: [Tensor] { [weight, beta, runningMean, runningVariance] }
  public var secondOrder: SecondOrder { .affine(Scale(weight: scale)) }
  public var parameterTraits: ParameterTraits {
    ParameterTraits(offsetAxis: 1, areModifiable: kind != .frozenBatchNorm2d, areKeptReordered: false)
  }
  private var axes: Int? {
    switch kind {
    case .batchNorm2d, .frozenBatchNorm2d: 4
    case .batchNorm3d: 5
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

  private func check(_ shape: Shape, _ operation: String) throws {
    guard shape.rank >= 2, shape.channels == scale.count else {
      throw ComputeError.shape(operation: operation, found: shape, expected: "\(scale.count) channels on axis 1")
    }
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    try check(input.shape, Self.name)
    return changesNothing ? input : input.scaledPerChannel(by: scale, plus: shift)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    try check(seed.shape, "gradient of \(Self.name)")
    return [changesNothing ? seed : seed.scaledPerChannel(by: scale, plus: nil)]
  }

  /// - Precondition: as many numbers as there are channels.
  public func replacing(weight: Tensor, bias: Tensor?) -> BatchNorm {
    let bias = bias ?? .uniform([runningMean.count], 0)
    precondition(
      weight.count == scale.count && bias.count == scale.count, "\(weight.shape) for \(scale.count) channels")
    return BatchNorm(checked: weight, bias, runningMean, runningVariance, epsilon, kind)
  }

  public func identityLayer() -> BatchNorm {
    let (ones, zeros) = (Tensor.uniform(scale.shape, 1), Tensor.uniform(scale.shape, 0))
    return BatchNorm(checked: ones, zeros, zeros, ones, 0, kind)
  }
}
