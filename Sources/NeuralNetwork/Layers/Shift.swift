import Tensors

/// A sum with constants in a model's code: no module, and no bias of a layer's.
public struct Shift: Layer {
  public var kind: LayerKind { .shift }
  public var summary: String { "Shift \(values.count)" }
  /// `(1, …)`, repeated along axes of extent 1.
  public let values: Tensor

  /// - Parameter values: `(1, …)`, with as many axes as the input.
  /// - Throws: ``LayerError`` if they are for several samples.
  public init(_ values: Tensor) throws {
    guard values.shape.rank > 1, values.shape[0] == 1 else {
      throw LayerError("summands of shape \(values.shape) found, those of one sample (1, …) expected")
    }
    self.init(checked: values)
  }

  private init(checked values: Tensor) { self.values = values.converted(to: .channelsLast) }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .affine, signs: .unknown, axes: .kept(nil), isFunctional: true, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { Double(output.count) }
  public var tensors: [Tensor] { [values] }
  public var secondOrder: SecondOrder { .affine(Shift(checked: .zeros(values.shape))) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    return try .broadcast([shape, values.shape.withBatch(shape.batch)])
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let shape = try outputShape(for: inputs.map(\.shape))
    return try inputs.only().expanded(to: shape) + values.expanded(to: shape)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try seed.summed(to: inputs.only().shape)]
  }
}
