import Tensors

/// Batch normalisation with fixed statistics: `y = (x − mean) / √(variance + epsilon) · weight + bias` per channel.
public struct BatchNormalization: Sendable {
  /// γ, `(C)`.
  public let weight: Tensor
  /// β, `(C)`.
  public let bias: Tensor
  /// `(C)`.
  public let mean: Tensor
  /// `(C)`.
  public let variance: Tensor
  public let epsilon: Double
  /// What each channel is multiplied by: `weight / √(variance + epsilon)`, `(C)`.
  public let scale: Tensor
  /// What is then added: `bias − mean · scale`, `(C)`.
  public let shift: Tensor
  /// A merged batch norm: nothing is multiplied and nothing added, so tensors pass as they are, without a copy.
  private let isIdentity: Bool

  private static let name = "batch normalisation"

  /// - Parameters:
  ///   - weight: γ, 1 if `nil`.
  ///   - bias: β, 0 if `nil`.
  /// - Throws: ``ComputeError`` if the parameters disagree about the number of channels.
  public init(weight: Tensor?, bias: Tensor?, mean: Tensor, variance: Tensor, epsilon: Double = 1e-5) throws {
    let channels: Shape = [mean.count]
    let weight = weight ?? .uniform(channels, 1)
    let bias = bias ?? .uniform(channels, 0)
    for part in [weight, bias, variance] where part.count != channels.count {
      throw ComputeError.shape(operation: Self.name, found: part.shape, expected: "\(channels), as its mean has")
    }
    self.init(checked: weight, bias, mean, variance, epsilon)
  }

  private init(checked weight: Tensor, _ bias: Tensor, _ mean: Tensor, _ variance: Tensor, _ epsilon: Double) {
    self.weight = weight
    self.bias = bias
    self.mean = mean
    self.variance = variance
    self.epsilon = epsilon
    let (gamma, beta) = (weight.rowMajorElements(), bias.rowMajorElements())
    let (means, variances) = (mean.rowMajorElements(), variance.rowMajorElements())
    let scales = gamma.indices.map { Double(gamma[$0]) / (Double(variances[$0]) + epsilon).squareRoot() }
    let shifts = scales.indices.map { Float(Double(beta[$0]) - Double(means[$0]) * scales[$0]) }
    scale = Tensor([mean.count], rowMajor: scales.map { Float($0) })
    shift = Tensor([mean.count], rowMajor: shifts)
    isIdentity = scales.allSatisfy { Float($0) == 1 } && shifts.allSatisfy { $0 == 0 }
  }

  /// The same statistics with other γ and β (0 if `nil`).
  /// - Precondition: as many as there are channels.
  public func replacing(weight: Tensor, bias: Tensor?) -> BatchNormalization {
    let bias = bias ?? .uniform([mean.count], 0)
    precondition(weight.count == mean.count && bias.count == mean.count, "\(weight.shape) for \(mean.count) channels")
    return BatchNormalization(checked: weight, bias, mean, variance, epsilon)
  }

  /// The normalisation of as many channels that changes nothing.
  public var identity: BatchNormalization {
    let (ones, zeros) = (Tensor.uniform([mean.count], 1), Tensor.uniform([mean.count], 0))
    return BatchNormalization(checked: ones, zeros, zeros, ones, 0)
  }

  private func check(_ shape: Shape, _ operation: String) throws {
    guard shape.rank >= 2, shape.channels == scale.count else {
      throw ComputeError.shape(operation: operation, found: shape, expected: "\(scale.count) channels on axis 1")
    }
  }

  /// The result for an input `(N, C, …)`.
  public func forward(_ input: Tensor) throws -> Tensor {
    try check(input.shape, Self.name)
    return isIdentity ? input : input.scaledPerChannel(by: scale, plus: shift)
  }

  /// The vector-Jacobian product `Jᵀ seed`.
  public func vjp(_ seed: Tensor) throws -> Tensor {
    try check(seed.shape, "gradient of \(Self.name)")
    return isIdentity ? seed : seed.scaledPerChannel(by: scale, plus: nil)
  }
}
