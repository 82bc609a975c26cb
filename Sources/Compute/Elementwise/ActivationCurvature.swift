import Foundation
import Tensors

extension Activation {
  /// Whether the activation consists of straight pieces, so that its second derivative is zero.
  public var isPiecewiseLinear: Bool {
    switch self {
    case .relu, .relu6, .hardtanh, .leakyReLU, .rrelu, .prelu, .threshold, .hardshrink, .softshrink, .hardsigmoid: true
    default: false
    }
  }

  /// The second derivative at every element of `input`.
  public func curvature(_ input: Tensor) -> Tensor {
    let activation = self
    return input.map { Float(activation.curvature(Double($0))) }
  }

  private func curvature(_ x: Double) -> Double {
    switch self {
    case .relu, .relu6, .hardtanh, .leakyReLU, .rrelu, .prelu, .threshold, .hardshrink, .softshrink, .hardsigmoid:
      return 0
    case .hardswish: return x > -3 && x < 3 ? 1 / 3 : 0
    case .softsign: return (x > 0 ? -2 : x < 0 ? 2 : 0) / pow(1 + abs(x), 3)
    case .elu(let alpha): return x > 0 ? 0 : Double(alpha) * exp(x)
    case .celu(let alpha): return x > 0 ? 0 : exp(x / Double(alpha)) / Double(alpha)
    case .selu: return x > 0 ? 0 : 1.050_700_987_355_480_5 * 1.673_263_242_354_377_2 * exp(x)
    case .sigmoid:
      let y = Self.logistic(x)
      return y * (1 - y) * (1 - 2 * y)
    case .logSigmoid:
      let y = Self.logistic(x)
      return -y * (1 - y)
    case .silu:
      let y = Self.logistic(x)
      return y * (1 - y) * (2 + x * (1 - 2 * y))
    case .mish:
      // f = x t with t = tanh(softplus(x)), t' = (1 − t²) s, s the logistic function.
      let (t, s) = (Foundation.tanh(max(x, 0) + log1p(exp(-abs(x)))), Self.logistic(x))
      return (1 - t * t) * s * (2 + x * (1 - s - 2 * t * s))
    case .softplus(let beta, let threshold):
      let y = Self.logistic(Double(beta) * x)
      return Double(beta) * x > Double(threshold) ? 0 : Double(beta) * y * (1 - y)
    case .tanh: return Self.tanhCurvature(x)
    case .tanhshrink: return -Self.tanhCurvature(x)
    case .gelu(tanh: false): return (2 - x * x) * exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
    case .gelu(tanh: true):
      // f = x (1 + tanh u) / 2 with u = c (x + 0.044715 x³).
      let scale = (2 / Double.pi).squareRoot()
      let y = Foundation.tanh(scale * (x + 0.044715 * x * x * x))
      let slope = scale * (1 + 3 * 0.044715 * x * x)
      let bend = scale * 6 * 0.044715 * x
      return (1 - y * y) * (slope + 0.5 * x * (bend - 2 * y * slope * slope))
    }
  }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private static func tanhCurvature(_ x: Double) -> Double {
    let y = Foundation.tanh(x)
    return -2 * y * (1 - y * y)
  }
}
