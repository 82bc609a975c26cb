import Tensors

/// How a ``BasicRule`` changes the output of one pass before it is seeded. The gradient passes through it.
public struct OutputModification: Sendable {
  let modify: @Sendable (_ output: Tensor) throws -> Tensor
  /// `Jᵀ s` of ``modify``, given the unmodified output.
  let gradient: @Sendable (_ seed: Tensor, _ output: Tensor) throws -> Tensor

  /// - Parameters:
  ///   - modify: the modified output, of the same shape.
  ///   - gradient: the vector-Jacobian product of `modify`: what it makes of a seed at its result.
  public init(
    _ modify: @escaping @Sendable (_ output: Tensor) throws -> Tensor,
    gradient: @escaping @Sendable (_ seed: Tensor, _ output: Tensor) throws -> Tensor
  ) {
    self.modify = modify
    self.gradient = gradient
  }

  /// `z`
  public static let identity = OutputModification({ $0 }, gradient: { seed, _ in seed })

  /// `factor · z`
  public static func scaled(_ factor: Float) -> OutputModification {
    OutputModification({ $0 * factor }, gradient: { seed, _ in seed * factor })
  }

  /// `max(z, 0)`
  public static let positive = OutputModification(
    { $0.positivePart }, gradient: { $1.map(with: $0, PassedBetween(0)) })

  /// `min(z, 0)`
  public static let negative = OutputModification(
    { $0.negativePart }, gradient: { $0.map(with: $1) { seed, z in z < 0 ? seed : 0 } })
}
