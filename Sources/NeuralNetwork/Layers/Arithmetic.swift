import Foundation
import Tensors

/// An operation on matching elements of two inputs, which are repeated along axes of extent 1. Comparisons give 1 or 0.
public struct Arithmetic: Layer {
  public enum Operation: String, Sendable, CaseIterable {
    case difference = "−"
    case quotient = "÷"
    case maximum = "max"
    case minimum = "min"
    case power = "^"
    case greater = ">"
    case greaterOrEqual = "≥"
    case less = "<"
    case lessOrEqual = "≤"
    case equal = "="
    case both = "and"
    case either = "or"
  }

  public var kind: LayerKind { operation == .difference ? .difference : .arithmetic }
  public var summary: String { operation.rawValue }
  public let operation: Operation

  public init(_ operation: Operation) { self.operation = operation }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: operation == .difference ? .linear : .nonlinear, signs: .unknown, axes: .kept(nil), isFunctional: true,
      isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { Double(output.count) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { operation == .difference ? .affine(self) : .unavailable }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    guard inputs.count == 2 else { throw LayerError("\(inputs.count) inputs found, two expected") }
    return try .broadcast(inputs)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let shape = try outputShape(for: inputs.map(\.shape))
    let operation = operation
    return inputs[0].expanded(to: shape).map(with: inputs[1].expanded(to: shape)) { operation.value($0, $1) }
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    guard operation != .difference else {
      return [seed.summed(to: inputs[0].shape), (seed * -1).summed(to: inputs[1].shape)]
    }
    let shape = try outputShape(for: inputs.map(\.shape))
    let (operation, seed) = (operation, seed.converted(to: .channelsLast))
    let (a, b) = (inputs[0].expanded(to: shape), inputs[1].expanded(to: shape))
    // Where nothing arrives, nothing is handed on, however steep the slope.
    return [
      seed.map(with: a, and: b) { $0 == 0 ? 0 : $0 * operation.slopes($1, $2).first }.summed(to: inputs[0].shape),
      seed.map(with: a, and: b) { $0 == 0 ? 0 : $0 * operation.slopes($1, $2).second }.summed(to: inputs[1].shape),
    ]
  }
}

extension Arithmetic.Operation {
  fileprivate func value(_ a: Float, _ b: Float) -> Float {
    switch self {
    case .difference: a - b
    case .quotient: a / b
    case .maximum: a.isNaN || b.isNaN ? .nan : max(a, b)
    case .minimum: a.isNaN || b.isNaN ? .nan : min(a, b)
    case .power: pow(a, b)
    case .greater: a > b ? 1 : 0
    case .greaterOrEqual: a >= b ? 1 : 0
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .both: a != 0 && b != 0 ? 1 : 0
    case .either: a != 0 || b != 0 ? 1 : 0
    }
  }

  /// The derivatives. Of two equal numbers each is the larger by half, as in torch.
  fileprivate func slopes(_ a: Float, _ b: Float) -> (first: Float, second: Float) {
    switch self {
    case .difference: return (1, -1)
    case .quotient: return (1 / b, -a / (b * b))
    case .maximum: return a == b ? (0.5, 0.5) : a > b ? (1, 0) : (0, 1)
    case .minimum: return a == b ? (0.5, 0.5) : a < b ? (1, 0) : (0, 1)
    case .power: return (b == 0 ? 0 : b * pow(a, b - 1), a == 0 && b >= 0 ? 0 : pow(a, b) * log(a))
    default: return (0, 0)
    }
  }
}
