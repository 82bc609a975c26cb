import Tensors

/// A run of indices along one axis, such as half of the channels.
public struct Slice: Layer {
  public var kind: LayerKind { .slice }
  public var summary: String { "Slice \(range.lowerBound)..<\(range.upperBound) of axis \(axis)" }
  /// Any but the batch's.
  public let axis: Int
  public let range: Range<Int>

  public init(axis: Int, range: Range<Int>) {
    self.axis = axis
    self.range = range
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .kept(nil), isFunctional: true, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard axis > 0, axis < shape.rank, range.lowerBound >= 0, range.upperBound <= shape[axis] else {
      throw LayerError("an input of shape \(shape) found, indices \(range) along axis \(axis) expected")
    }
    var extents = shape.dimensions
    extents[axis] = range.count
    return Shape(extents)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let (input, shape) = (try inputs.only().converted(to: .rowMajor), try outputShape(for: inputs.map(\.shape)))
    var result = Tensor(uninitialized: shape, layout: .rowMajor)
    result.withUnsafeMutableBufferPointer { target in
      input.withUnsafeBufferPointer { source in
        forEachRun(of: input.shape) { part, whole, count in
          for index in 0..<count { target[part + index] = source[whole + index] }
        }
      }
    }
    return result.converted(to: .channelsLast)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let (seed, shape) = (seed.converted(to: .rowMajor), try inputs.only().shape)
    var result = Tensor.zeros(shape, layout: .rowMajor)
    result.withUnsafeMutableBufferPointer { target in
      seed.withUnsafeBufferPointer { source in
        forEachRun(of: shape) { part, whole, count in
          for index in 0..<count { target[whole + index] = source[part + index] }
        }
      }
    }
    return [result.converted(to: .channelsLast)]
  }

  /// Calls `body` for each contiguous run: where it begins in the slice and in the whole, and its length.
  private func forEachRun(of shape: Shape, _ body: (Int, Int, Int) -> Void) {
    let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    for outer in 0..<shape.dimensions[..<axis].reduce(1, *) {
      body(
        outer * range.count * inner, (outer * shape[axis] + range.lowerBound) * inner, range.count * inner)
    }
  }
}
