import Compute
import Tensors

/// Batch normalisation in evaluation mode: per channel `γ (x − μ) / √(σ² + eps) + β`.
public struct BatchNorm: BatchNormalizing {
  public let kind: LayerKind
  public var summary: String { "\(kind == .scale ? "Scale" : "BatchNorm") \(weight.count)" }
  public var weight: Tensor { operation.weight }
  public var bias: Tensor? { operation.bias }
  public var offset: Tensor? { operation.shift }
  public var runningMean: Tensor { operation.mean }
  public var runningVariance: Tensor { operation.variance }
  public var epsilon: Double { operation.epsilon }
  private let operation: BatchNormalization

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
    self.kind = kind
    operation = try BatchNormalization(weight: weight, bias: bias, mean: mean, variance: variance, epsilon: epsilon)
  }

  private init(_ operation: BatchNormalization, _ kind: LayerKind) {
    self.operation = operation
    self.kind = kind
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .unknown, axes: .kept(axes), isFunctional: kind == .scale, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 2 * Double(output.count) }
  public var secondOrder: SecondOrder { .affine(Scale(weight: operation.scale)) }
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

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try operation.forward(inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] { [try operation.vjp(seed)] }

  public func replacing(weight: Tensor, bias: Tensor?) -> BatchNorm {
    BatchNorm(operation.replacing(weight: weight, bias: bias), kind)
  }

  public func identityLayer() -> BatchNorm { BatchNorm(operation.identity, kind) }
}
