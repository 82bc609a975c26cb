import Tensors

/// The element-wise product of two inputs, one of which may have extents of 1 where the other has more: a gate.
public struct Product: Layer {
  public var kind: LayerKind { .product }
  public var summary: String { "×" }
  public init() {}

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .keepsNonnegative, axes: .kept(nil), isFunctional: true, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { max(0, inputs.elementCount - Double(output.count)) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .unavailable }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    guard inputs.count == 2 else { throw LayerError("\(inputs.count) factors found, two expected") }
    return try .broadcast(inputs)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let shape = try outputShape(for: inputs.map(\.shape))
    return inputs[0].expanded(to: shape) * inputs[1].expanded(to: shape)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let shape = try outputShape(for: inputs.map(\.shape))
    return (0..<2).map { index -> Tensor in
      let part = seed.converted(to: .channelsLast) * inputs[1 - index].expanded(to: shape)
      return part.summed(to: inputs[index].shape)
    }
  }
}
