import Tensors

/// A layer that is not affine and whose vector-Jacobian product can itself be differentiated.
public protocol TwiceDifferentiable: Layer {
  /// `J(x) t`: how the output changes when the input changes along `t`.
  func jvp(_ tangent: Tensor, input: Tensor) throws -> Tensor
  /// `∂⟨t, J(x)ᵀ s⟩ / ∂x`, `nil` where it is zero throughout.
  func curvature(_ tangent: Tensor, seed: Tensor, input: Tensor) throws -> Tensor?
}

extension Layer {
  /// `J(x) t`: how the output changes when the inputs change along `tangents`.
  /// - Throws: ``LayerError`` if the layer is neither affine nor ``TwiceDifferentiable``.
  public func jvp(_ tangents: [Tensor], inputs: [Tensor]) throws -> Tensor {
    if let curved = self as? any TwiceDifferentiable { return try curved.jvp(tangents.only(), input: inputs.only()) }
    guard kind.isAffine else {
      throw LayerError("second derivatives of \(kind.rawValue) are not available; a canonizer can leave it out")
    }
    if let linear = self as? any LinearInParameters {
      return try linear.replacing(weight: linear.weight, bias: nil).forward(tangents)
    }
    // A batch norm scales each channel by itself: the Jacobian is its own transpose.
    if self is any BatchNormalizing { return try vjp(tangents.only(), inputs: inputs, output: tangents.only())[0] }
    guard kind.addsConstants else { return try forward(tangents) }
    return try forward(tangents) - forward(tangents.map { Tensor.zeros($0.shape) })
  }

  /// `∂⟨t, J(x)ᵀ s⟩ / ∂x`: how the vector-Jacobian product of `seed` changes with the inputs; `nil` where it does not.
  /// - Throws: ``LayerError`` if the layer is neither affine nor ``TwiceDifferentiable``.
  public func curvature(_ tangents: [Tensor], seed: Tensor, inputs: [Tensor]) throws -> Tensor? {
    if let curved = self as? any TwiceDifferentiable {
      return try curved.curvature(tangents.only(), seed: seed, input: inputs.only())
    }
    guard kind.isAffine else {
      throw LayerError("second derivatives of \(kind.rawValue) are not available; a canonizer can leave it out")
    }
    return nil
  }
}

extension ActivationLayer: TwiceDifferentiable {
  public func jvp(_ tangent: Tensor, input: Tensor) throws -> Tensor { try activation.vjp(tangent, input: input) }

  public func curvature(_ tangent: Tensor, seed: Tensor, input: Tensor) -> Tensor? {
    activation.isPiecewiseLinear ? nil : tangent * seed * activation.curvature(input)
  }
}
