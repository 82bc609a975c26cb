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
  /// - Throws: ``LayerError`` if the layer has no second derivatives.
  public func jvp(_ tangents: [Tensor], inputs: [Tensor]) throws -> Tensor {
    switch secondOrder {
    case .affine(let linear): return try linear.forward(tangents)
    case .curved(let layer): return try layer.jvp(tangents.only(), input: inputs.only())
    case .unavailable: throw secondDerivativesMissing
    }
  }

  /// `∂⟨t, J(x)ᵀ s⟩ / ∂x`: how the vector-Jacobian product of `seed` changes with the inputs; `nil` where it does not.
  /// - Throws: ``LayerError`` if the layer has no second derivatives.
  public func curvature(_ tangents: [Tensor], seed: Tensor, inputs: [Tensor]) throws -> Tensor? {
    switch secondOrder {
    case .affine: return nil
    case .curved(let layer): return try layer.curvature(tangents.only(), seed: seed, input: inputs.only())
    case .unavailable: throw secondDerivativesMissing
    }
  }

  private var secondDerivativesMissing: LayerError {
    LayerError("second derivatives of \(kind.rawValue) are not available; a canonizer can leave it out")
  }
}
