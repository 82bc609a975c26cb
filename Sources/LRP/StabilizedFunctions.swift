import CKernels
import Tensors

// Where the loops over denominators spend their time: one type per formula, see `UnaryFunction`.

/// A denominator kept away from zero, from `z` and an `ε` that may differ from element to element.
protocol Stabilization: Sendable {
  static func stabilized(_ z: Float, _ epsilon: Float) -> Float
}

/// `z + ε·sign(z)`
enum Shifted: Stabilization {
  @inline(__always)
  static func stabilized(_ z: Float, _ epsilon: Float) -> Float { z + (z < 0 ? -epsilon : epsilon) }
}

/// `sign(z)·max(|z|, ε)`
enum Clipped: Stabilization {
  @inline(__always)
  static func stabilized(_ z: Float, _ epsilon: Float) -> Float { (z < 0 ? -1 : 1) * Swift.max(Swift.abs(z), epsilon) }
}

/// `z`, which is kept away from zero already.
enum Unchanged: Stabilization {
  @inline(__always)
  static func stabilized(_ z: Float, _ epsilon: Float) -> Float { z }
}

/// `stab(z)` with one `ε` for all.
struct Stabilized<S: Stabilization>: UnaryFunction {
  let epsilon: Float
  @inline(__always)
  func callAsFunction(_ z: Float) -> Float { S.stabilized(z, epsilon) }
}

/// `stab(z)` with an `ε` of each element's own.
struct StabilizedEach<S: Stabilization>: BinaryFunction {
  @inline(__always)
  func callAsFunction(_ z: Float, _ epsilon: Float) -> Float { S.stabilized(z, epsilon) }
}

/// `R / stab(z)`
struct StabilizedQuotient<S: Stabilization>: BinaryFunction {
  let epsilon: Float
  @inline(__always)
  func callAsFunction(_ relevance: Float, _ z: Float) -> Float { relevance / S.stabilized(z, epsilon) }
  func fill(
    _ target: UnsafeMutablePointer<Float>, _ relevance: UnsafePointer<Float>, _ z: UnsafePointer<Float>, count: Int
  ) {
    if S.self == Shifted.self { return lrp_quotient(relevance, z, epsilon, target, Int64(count)) }
    for i in 0..<count { target[i] = self(relevance[i], z[i]) }
  }
}

/// `factor · c · x / stab(z)`
struct ProductQuotient<S: Stabilization>: TernaryFunction {
  let factor: Float
  let epsilon: Float
  @inline(__always)
  func callAsFunction(_ c: Float, _ x: Float, _ z: Float) -> Float { factor * c * x / S.stabilized(z, epsilon) }
  func fill(
    _ target: UnsafeMutablePointer<Float>, _ c: UnsafePointer<Float>, _ x: UnsafePointer<Float>,
    _ z: UnsafePointer<Float>, count: Int
  ) {
    if S.self == Shifted.self { return lrp_product_quotient(c, x, z, factor, epsilon, target, Int64(count)) }
    for i in 0..<count { target[i] = self(c[i], x[i], z[i]) }
  }
}

/// `R / stab(z)` where the output has the sign of `sign`, else 0.
///
/// The quotient is computed either way, so that the loop vectorises.
struct GatedQuotient<S: Stabilization>: TernaryFunction {
  let epsilon: Float
  let sign: Float
  @inline(__always)
  func callAsFunction(_ relevance: Float, _ z: Float, _ output: Float) -> Float {
    let quotient = relevance / S.stabilized(z, epsilon)
    return sign * output > 0 ? quotient : 0
  }
}

/// `(stab(z) − z) · s` of ``Clipped``, without cancellation.
struct ClippedExcess: BinaryFunction {
  let epsilon: Float
  @inline(__always)
  func callAsFunction(_ s: Float, _ z: Float) -> Float { (z < 0 ? -s : s) * Swift.max(0, epsilon - Swift.abs(z)) }
}
