import Compute

extension Layer {
  /// Whether no element of the output is negative, whatever the input.
  var isNonnegative: Bool {
    switch kind {
    case .relu, .relu6, .sigmoid, .hardsigmoid, .softmax: return true
    case .softplus:
      // With β < 0 it is never positive; below a negative threshold it is the identity.
      guard case .softplus(let beta, let threshold)? = (self as? ActivationLayer)?.activation else { return false }
      return beta > 0 && threshold >= 0
    case .function: return (self as? ElementFunction)?.function.isNonnegative ?? false
    case .reduction: return (self as? Reduction)?.operation.isNorm ?? false
    default: return false
    }
  }

  /// Whether no element of the output is negative if none of the inputs is.
  var keepsNonnegative: Bool {
    // A mean may be divided by any number.
    if let pool = self as? AveragePool { return pool.divisor.map { $0 > 0 } ?? true }
    return LayerType.maxPool.contains(kind) || LayerType.avgPool.contains(kind)
      || [.sum, .add, .product, .concatenation, .flatten, .reshape, .transpose, .slice, .dropout, .identity]
        .contains(kind)
      || (self as? Reduction)?.operation.keepsNonnegative ?? false
  }
}
