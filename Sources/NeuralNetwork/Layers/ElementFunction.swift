import Foundation
import Tensors

/// A function of single elements that is no module in a model's code, so that no rule reaches it: a root, a power.
public struct ElementFunction: Layer, TwiceDifferentiable {
  public enum Function: Hashable, Sendable {
    case absolute
    case exponential
    case logarithm
    case squareRoot
    case reciprocal
    case power(Float)
    case errorFunction
    case sine
    case cosine
    case sign
    case floor
    case ceiling
    case rounded
    /// 1 where the element is 0, else 0.
    case isZero
  }

  public var kind: LayerKind { .function }
  public var summary: String {
    if case .power(let exponent) = function { return "power \(Double(exponent).shortestText)" }
    return "\(function)"
  }
  public let function: Function

  public init(_ function: Function) { self.function = function }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: function.isNonnegative ? .nonnegative : .unknown, axes: .kept(nil),
      isFunctional: true, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { Double(output.count) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .curved(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try inputs.only() }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let function = function
    return try inputs.only().map { function.value($0) }
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try jvp(seed, input: inputs.only())]
  }

  public func jvp(_ tangent: Tensor, input: Tensor) throws -> Tensor {
    let function = function
    // Where nothing arrives, nothing is handed on, however steep the slope.
    return tangent.converted(to: input.layout).map(with: input) { $0 == 0 ? 0 : $0 * Float(function.slope(Double($1))) }
  }

  public func curvature(_ tangent: Tensor, seed: Tensor, input: Tensor) throws -> Tensor? {
    let function = function
    let product = tangent.converted(to: input.layout) * seed.converted(to: input.layout)
    return product.map(with: input) { $0 == 0 ? 0 : $0 * Float(function.curvature(Double($1))) }
  }
}

extension ElementFunction.Function {
  /// Whether no value is negative.
  fileprivate var isNonnegative: Bool {
    switch self {
    case .absolute, .exponential, .squareRoot, .isZero: true
    case .power(let exponent): exponent.truncatingRemainder(dividingBy: 2) == 0
    default: false
    }
  }

  fileprivate func value(_ x: Float) -> Float {
    switch self {
    case .absolute: abs(x)
    case .exponential: exp(x)
    case .logarithm: log(x)
    case .squareRoot: x.squareRoot()
    case .reciprocal: 1 / x
    case .power(2): x * x
    case .power(let exponent): pow(x, exponent)
    case .errorFunction: erf(x)
    case .sine: sin(x)
    case .cosine: cos(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .floor: x.rounded(.down)
    case .ceiling: x.rounded(.up)
    case .rounded: x.rounded(.toNearestOrEven)
    case .isZero: x == 0 ? 1 : 0
    }
  }

  fileprivate func slope(_ x: Double) -> Double {
    switch self {
    case .absolute: x > 0 ? 1 : x < 0 ? -1 : 0
    case .exponential: exp(x)
    case .logarithm: 1 / x
    case .squareRoot: 0.5 / x.squareRoot()
    case .reciprocal: -1 / (x * x)
    case .power(0): 0
    case .power(let exponent): Double(exponent) * pow(x, Double(exponent) - 1)
    case .errorFunction: 2 / Double.pi.squareRoot() * exp(-x * x)
    case .sine: cos(x)
    case .cosine: -sin(x)
    case .sign, .floor, .ceiling, .rounded, .isZero: 0
    }
  }

  fileprivate func curvature(_ x: Double) -> Double {
    switch self {
    case .exponential: exp(x)
    case .logarithm: -1 / (x * x)
    case .squareRoot: -0.25 / (x * x.squareRoot())
    case .reciprocal: 2 / (x * x * x)
    case .power(0), .power(1): 0
    case .power(let exponent): Double(exponent) * (Double(exponent) - 1) * pow(x, Double(exponent) - 2)
    case .errorFunction: -4 * x / Double.pi.squareRoot() * exp(-x * x)
    case .sine: -sin(x)
    case .cosine: -cos(x)
    case .absolute, .sign, .floor, .ceiling, .rounded, .isZero: 0
    }
  }
}
