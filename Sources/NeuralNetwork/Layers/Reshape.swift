import Compute
import Tensors

/// The same elements, in row-major order of the logical shape, under other extents of each sample.
public struct Reshape: Layer {
  public var kind: LayerKind { .reshape }
  public var summary: String { "Reshape " + Extents.text(sample) }
  /// All extents but the batch.
  public let sample: [Int]

  public init(sample: [Int]) { self.sample = sample }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .fixed(sample.count + 1), isFunctional: true,
      isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard shape.rank > 0, let part = Shape(checking: sample), part.count == shape.sampleCount else {
      throw LayerError("an input of shape \(shape) found, samples of \(sample) elements expected")
    }
    return Shape([shape.batch] + sample)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    try inputs.only().reshaped(to: outputShape(for: inputs.map(\.shape)))
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try seed.reshaped(to: inputs.only().shape)]
  }
}
