import Tensors

/// A batch norm in evaluation mode, `z = γ (x − μ) / √(σ² + eps) + β`, with what is needed to merge it.
public protocol BatchNormalizing: ParameterizedLayer {
  /// μ, `(C)`.
  var runningMean: Tensor { get }
  /// σ², `(C)`.
  var runningVariance: Tensor { get }
  /// Added to σ² before the root.
  var epsilon: Double { get }
  /// The batch norm that changes nothing: γ = σ² = 1, β = μ = 0, eps = 0.
  func identityLayer() -> Self
}
