import Compute
import Tensors

/// Inputs side by side along one axis, by default the channels.
public struct Concatenation: Layer {
  public var kind: LayerKind { .concatenation }
  public var summary: String { "Concat" }
  /// Negative numbers count from the end.
  public let axis: Int

  public init(axis: Int = 1) { self.axis = axis }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .kept(nil), isFunctional: true,
      isSampleWise: axis > 0,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  private static let name = "concatenation"

  private func resolved(_ shape: Shape) throws -> Int {
    let index = axis < 0 ? axis + shape.rank : axis
    guard shape.dimensions.indices.contains(index) else {
      throw ComputeError.shape(operation: Self.name, found: shape, expected: "an axis \(axis)")
    }
    return index
  }

  /// Inputs agree in everything but the axis.
  public func outputShape(for inputs: [Shape]) throws -> Shape {
    guard let first = inputs.first else {
      throw ComputeError.parameter(operation: Self.name, name: "the inputs", found: "none", expected: "at least one")
    }
    let axis = try resolved(first)
    var dimensions = first.dimensions
    for shape in inputs.dropFirst() {
      var others = shape.dimensions
      guard others.count == dimensions.count else {
        throw ComputeError.shape(operation: Self.name, found: shape, expected: "as many axes as \(first)")
      }
      dimensions[axis] += others[axis]
      others[axis] = first[axis]
      guard others == first.dimensions else {
        throw ComputeError.shape(operation: Self.name, found: shape, expected: "\(first) except along axis \(axis)")
      }
    }
    return Shape(dimensions)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let output = try outputShape(for: inputs.map(\.shape))
    return .joining(inputs, along: try resolved(output), as: output)
  }

  /// The seed cut into the parts that belong to each input.
  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let shapes = inputs.map(\.shape)
    let output = try outputShape(for: shapes)
    guard seed.shape == output else {
      throw ComputeError.shape(operation: "gradient of \(Self.name)", found: seed.shape, expected: "\(output)")
    }
    return seed.cut(along: try resolved(output), into: shapes)
  }
}
