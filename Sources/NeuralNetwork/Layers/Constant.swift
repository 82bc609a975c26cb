import Tensors

/// Numbers that do not depend on the input and are the same for each sample, where an operation needs them as an input of
/// its own. Reads any node, for the size of the batch.
public struct Constant: Layer {
  public var kind: LayerKind { .constant }
  public var summary: String { "Constant " + Extents.text(sample.dimensions.dropFirst().map { $0 }) }
  /// One sample, `(1, …)`.
  public let values: Tensor
  public var sample: Shape { values.shape }

  /// - Throws: ``LayerError`` if `values` is not one sample.
  public init(_ values: Tensor) throws {
    guard values.shape.dimensions.first == 1 else {
      throw LayerError("constants of shape \(values.shape) found, one sample (1, …) expected")
    }
    self.init(checked: values)
  }

  private init(checked values: Tensor) { self.values = values.converted(to: .channelsLast) }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .affine, signs: .unknown, axes: .fixed(sample.rank), isFunctional: true, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [values] }
  public var secondOrder: SecondOrder { .affine(Constant(checked: .zeros(sample))) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { sample.withBatch(try inputs.only().batch) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let batch = try inputs.only().shape.batch
    guard batch > 0 else { return Tensor.zeros(sample.withBatch(0)) }
    return batch == 1 ? values : .stacked([Tensor](repeating: values, count: batch))
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [Tensor.zeros(try inputs.only().shape)]
  }
}
