import Compute
import Tensors

/// `exp(x) / Σ exp(x)` along one axis, or its logarithm.
public struct Softmax: Layer {
  public var kind: LayerKind { operation.isLogarithmic ? .logSoftmax : .softmax }
  public var summary: String { kind.rawValue }
  private let operation: SoftmaxFunction

  /// - Parameter axis: negative numbers count from the end.
  public init(axis: Int = 1, isLogarithmic: Bool = false) {
    operation = SoftmaxFunction(axis: axis, isLogarithmic: isLogarithmic)
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: operation.isLogarithmic ? .unknown : .nonnegative, axes: .kept(nil),
      isFunctional: false, isSampleWise: operation.axis > 0,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 4 * Double(output.count) }
  public var secondOrder: SecondOrder { .unavailable }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard (-shape.rank..<shape.rank).contains(operation.axis) else {
      throw LayerError("an input of shape \(shape) found, an axis \(operation.axis) expected")
    }
    return shape
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try operation.forward(inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try operation.vjp(seed, output: output)]
  }
}
