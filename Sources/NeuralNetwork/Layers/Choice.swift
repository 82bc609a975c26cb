import Tensors

/// For each element the second input where the first is not 0, else the third. All are repeated along axes of extent 1.
public struct Choice: Layer {
  public var kind: LayerKind { .choice }
  public var summary: String { "Where" }
  public init() {}

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .unknown, axes: .kept(nil), isFunctional: true, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { Double(output.count) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .unavailable }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    guard inputs.count == 3 else { throw LayerError("\(inputs.count) inputs found, three expected") }
    return try .broadcast(inputs)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let shape = try outputShape(for: inputs.map(\.shape))
    let parts = inputs.map { $0.expanded(to: shape) }
    return parts[0].map(with: parts[1], and: parts[2]) { $0 != 0 ? $1 : $2 }
  }

  /// The condition gets nothing.
  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let condition = inputs[0].expanded(to: seed.shape)
    let seed = seed.converted(to: .channelsLast)
    return [
      Tensor.zeros(inputs[0].shape),
      seed.map(with: condition) { $1 != 0 ? $0 : 0 }.summed(to: inputs[1].shape),
      seed.map(with: condition) { $1 != 0 ? 0 : $0 }.summed(to: inputs[2].shape),
    ]
  }
}
