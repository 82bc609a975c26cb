import Foundation
import Tensors

/// The element-wise activations, with their parameters; values and slopes are torch's, kinks included.
public enum Activation: Hashable, Sendable {
  case elu(alpha: Float = 1)
  case hardshrink(lambda: Float = 0.5)
  case hardsigmoid
  case hardtanh(minimum: Float = -1, maximum: Float = 1)
  case hardswish
  case leakyReLU(slope: Float = 0.01)
  case logSigmoid
  /// `x · tanh(softplus(x))` (Misra, arXiv:1908.08681).
  case mish
  /// One slope for all channels or one for each.
  case prelu(slopes: [Float])
  case relu
  case relu6
  /// In evaluation the slope is the mean of the bounds.
  case rrelu(lower: Float = 1 / 8, upper: Float = 1 / 3)
  case selu
  case celu(alpha: Float = 1)
  /// With `tanh`, the usual approximation instead of the error function.
  case gelu(tanh: Bool = false)
  case sigmoid
  case silu
  case softplus(beta: Float = 1, threshold: Float = 20)
  case softshrink(lambda: Float = 0.5)
  case softsign
  case tanh
  case tanhshrink
  case threshold(threshold: Float, value: Float)

  private static let seluAlpha: Float = 1.673_263_242_354_377_2
  private static let seluScale: Float = 1.050_700_987_355_480_5

  /// The result, of the input's shape. NaN stays NaN.
  public func forward(_ input: Tensor) throws -> Tensor {
    switch self {
    case .relu: return input.positivePart
    case .relu6: return input.map(Clamped(from: 0, to: 6))
    case .hardtanh(let low, let high): return input.map(Clamped(from: low, to: high))
    case .leakyReLU(let slope): return input.map { $0 > 0 ? $0 : $0 * slope }
    case .rrelu(let lower, let upper):
      let slope = (lower + upper) / 2
      return input.map { $0 > 0 ? $0 : $0 * slope }
    case .prelu(let slopes): return try Self.prelu(input, input, slopes, "PReLU")
    case .threshold(let threshold, let value): return input.map { $0 <= threshold ? value : $0 }
    case .hardshrink(let lambda): return input.map { $0 >= -lambda && $0 <= lambda ? 0 : $0 }
    case .softshrink(let lambda):
      return input.map { $0 > lambda ? $0 - lambda : ($0 < -lambda ? $0 + lambda : $0 * 0) }
    case .hardsigmoid: return input.map { ($0 < -3 ? 0 : ($0 > 3 ? 6 : $0 + 3)) / 6 }
    case .hardswish: return input.map { $0 * ($0 < -3 ? 0 : ($0 > 3 ? 6 : $0 + 3)) / 6 }
    case .softsign: return input.map { $0 / (1 + abs($0)) }
    case .elu(let alpha): return input.map { $0 > 0 ? $0 : alpha * expm1($0) }
    case .celu(let alpha): return input.map { $0 > 0 ? $0 : alpha * expm1($0 / alpha) }
    case .selu: return input.map { Self.seluScale * ($0 > 0 ? $0 : Self.seluAlpha * expm1($0)) }
    case .sigmoid: return input.map { Self.logistic($0) }
    case .logSigmoid: return input.map { ($0 > 0 ? 0 : $0) - log1p(exp(-abs($0))) }
    case .silu: return input.map { $0 * Self.logistic($0) }
    case .mish: return input.map { $0 * Foundation.tanh(Self.softplus($0)) }
    case .softplus(let beta, let threshold):
      return input.map { $0 * beta > threshold ? $0 : log1p(exp($0 * beta)) / beta }
    case .tanh: return input.map { Foundation.tanh($0) }
    case .tanhshrink: return input.map { $0 - Foundation.tanh($0) }
    case .gelu(tanh: false): return input.map { $0 * Self.normalDistribution($0) }
    case .gelu(tanh: true): return input.map { 0.5 * $0 * (1 + Foundation.tanh(Self.geluArgument($0))) }
    }
  }

  /// The vector-Jacobian product `Jᵀ seed`: the seed times the slope at `input`.
  public func vjp(_ seed: Tensor, input: Tensor) throws -> Tensor {
    guard seed.shape == input.shape else {
      throw ComputeError.shape(operation: "gradient of an activation", found: seed.shape, expected: "\(input.shape)")
    }
    let seed = seed.converted(to: input.layout)
    switch self {
    case .relu: return input.map(with: seed, PassedBetween(0))
    case .relu6: return input.map(with: seed, PassedBetween(0, 6))
    case .hardtanh(let low, let high): return input.map(with: seed, PassedBetween(low, high))
    case .leakyReLU(let slope): return input.map(with: seed) { $0 > 0 ? $1 : $1 * slope }
    case .rrelu(let lower, let upper):
      let slope = (lower + upper) / 2
      return input.map(with: seed) { $0 > 0 ? $1 : $1 * slope }
    case .prelu(let slopes): return try Self.prelu(input, seed, slopes, "gradient of PReLU")
    case .threshold(let threshold, _): return input.map(with: seed) { $0 <= threshold ? 0 : $1 }
    case .hardshrink(let lambda), .softshrink(let lambda):
      return input.map(with: seed) { $0 >= -lambda && $0 <= lambda ? 0 : $1 }
    case .hardsigmoid: return input.map(with: seed) { $0 > -3 && $0 < 3 ? $1 / 6 : 0 }
    case .hardswish: return input.map(with: seed) { $0 <= -3 ? 0 : ($0 < 3 ? $1 * ($0 / 3 + 0.5) : $1) }
    case .softsign: return input.map(with: seed) { $1 / ((1 + abs($0)) * (1 + abs($0))) }
    case .elu(let alpha): return input.map(with: seed) { $0 > 0 ? $1 : $1 * alpha * exp($0) }
    case .celu(let alpha): return input.map(with: seed) { $0 > 0 ? $1 : $1 * exp($0 / alpha) }
    case .selu: return input.map(with: seed) { $1 * Self.seluScale * ($0 > 0 ? 1 : Self.seluAlpha * exp($0)) }
    case .sigmoid:
      return input.map(with: seed) {
        let y = Self.logistic($0)
        return $1 * y * (1 - y)
      }
    case .logSigmoid: return input.map(with: seed) { $1 * Self.logistic(-$0) }
    case .silu:
      return input.map(with: seed) {
        let y = Self.logistic($0)
        return $1 * y * (1 + $0 * (1 - y))
      }
    case .mish:
      return input.map(with: seed) {
        let y = Foundation.tanh(Self.softplus($0))
        return $1 * (y + $0 * (1 - y * y) * Self.logistic($0))
      }
    case .softplus(let beta, let threshold):
      return input.map(with: seed) { $0 * beta > threshold ? $1 : $1 * Self.logistic($0 * beta) }
    case .tanh:
      return input.map(with: seed) {
        let y = Foundation.tanh($0)
        return $1 * (1 - y * y)
      }
    case .tanhshrink:
      return input.map(with: seed) {
        let y = Foundation.tanh($0)
        return $1 * y * y
      }
    case .gelu(tanh: false):
      return input.map(with: seed) {
        $1 * (Self.normalDistribution($0) + $0 * exp(-0.5 * $0 * $0) * 0.398_942_28)
      }
    case .gelu(tanh: true):
      return input.map(with: seed) {
        let y = Foundation.tanh(Self.geluArgument($0))
        let slope = Self.geluScale * (1 + 3 * 0.044715 * $0 * $0)
        return $1 * (0.5 * (1 + y) + 0.5 * $0 * (1 - y * y) * slope)
      }
    }
  }

  private static let geluScale: Float = 0.797_884_56

  @inline(__always)
  private static func geluArgument(_ x: Float) -> Float { geluScale * (x + 0.044715 * x * x * x) }

  @inline(__always)
  private static func logistic(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

  @inline(__always)
  private static func softplus(_ x: Float) -> Float { max(x, 0) + log1p(exp(-abs(x))) }

  /// Φ, the distribution function of the standard normal distribution.
  @inline(__always)
  private static func normalDistribution(_ x: Float) -> Float { 0.5 * (1 + erf(x * 0.707_106_77)) }

  /// `values`, times its channel's slope where `input` is not positive.
  private static func prelu(
    _ input: Tensor, _ values: Tensor, _ slopes: [Float], _ operation: String
  ) throws -> Tensor {
    if slopes.count == 1 {
      let slope = slopes[0]
      return input.map(with: values) { $0 > 0 ? $1 : $1 * slope }
    }
    let channels = input.shape.channels
    guard slopes.count == channels, input.shape.rank > 1 else {
      throw ComputeError.shape(operation: operation, found: input.shape, expected: "\(slopes.count) channels on axis 1")
    }
    let factors = Tensor([channels], rowMajor: slopes)
    let (input, values) = (input.converted(to: .channelsLast), values.converted(to: .channelsLast))
    var result = values.scaledPerChannel(by: factors, plus: nil)
    let (condition, kept) = (UncheckedPointer(input.unsafeAddress), UncheckedPointer(values.unsafeAddress))
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      parallelFor(buffer.count) { range in
        let (condition, kept, target) = (condition.pointer, kept.pointer, target.pointer)
        for i in range {
          // Both are loaded before the comparison, because only then the loop vectorises.
          let (positive, negative) = (kept[i], target[i])
          target[i] = condition[i] > 0 ? positive : negative
        }
      }
    }
    withExtendedLifetime((input, values)) {}
    return result
  }
}
