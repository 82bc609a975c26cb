import Compute
import Tensors

/// Joins a run of neighbouring axes (by default all but the batch) in row-major order of the logical shape, as torch does.
public struct Flatten: Layer {
  public var kind: LayerKind { .flatten }
  public var summary: String { "Flatten" }
  /// The first axis that is joined; negative numbers count from the end.
  public let first: Int
  /// The last axis that is joined.
  public let last: Int

  public init(first: Int = 1, last: Int = -1) { (self.first, self.last) = (first, last) }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .joined(first: first, last: last), isFunctional: false,
      isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let input = try inputs.only()
    let rank = input.rank
    let (from, to) = (first < 0 ? first + rank : first, last < 0 ? last + rank : last)
    guard from >= 0, to < rank, from <= to else {
      throw ComputeError.shape(operation: "flatten", found: input, expected: "axes \(first) to \(last)")
    }
    let dimensions = input.dimensions
    return Shape(dimensions[..<from] + [dimensions[from...to].reduce(1, *)] + dimensions[(to + 1)...])
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    try inputs.only().reshaped(to: outputShape(for: inputs.map(\.shape)))
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let shape = try outputShape(for: inputs.map(\.shape))
    guard seed.shape == shape else {
      throw ComputeError.shape(operation: "gradient of flatten", found: seed.shape, expected: "\(shape)")
    }
    return [try seed.reshaped(to: inputs.only().shape)]
  }
}
