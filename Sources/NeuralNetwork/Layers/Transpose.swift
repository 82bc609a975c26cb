import Tensors

/// Axes in another order; the batch stays first.
public struct Transpose: Layer {
  public var kind: LayerKind { .transpose }
  public var summary: String { "Transpose " + order.map(String.init).joined(separator: " ") }
  /// For each axis of the result the axis of the input that it is.
  public let order: [Int]

  /// - Throws: ``LayerError`` if `order` is no permutation that begins with 0.
  public init(order: [Int]) throws {
    guard order.first == 0, order.sorted() == Array(order.indices) else {
      throw LayerError("axes in the order \(order) found, a permutation that begins with 0 expected")
    }
    self.order = order
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .kept(order.count), isFunctional: true, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard shape.rank == order.count else {
      throw LayerError("an input of shape \(shape) found, \(order.count) axes expected")
    }
    return Shape(order.map { shape[$0] })
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    _ = try outputShape(for: inputs.map(\.shape))
    return try inputs.only().transposed(order)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    var inverse = order
    for (axis, origin) in order.enumerated() { inverse[origin] = axis }
    return [seed.transposed(inverse)]
  }
}

extension Tensor {
  /// Axes in another order; channels-last out.
  fileprivate func transposed(_ order: [Int]) -> Tensor {
    var steps = [Int](repeating: 1, count: order.count)
    for axis in order.indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * shape[axis + 1] }
    let strides = order.map { steps[$0] }
    let target = Shape(order.map { shape[$0] })
    let source = converted(to: .rowMajor)
    var result = Tensor(uninitialized: target, layout: .rowMajor)
    result.withUnsafeMutableBufferPointer { output in
      source.withUnsafeBufferPointer { input in
        var position = [Int](repeating: 0, count: order.count)
        var offset = 0
        for index in output.indices {
          output[index] = input[offset]
          for axis in order.indices.reversed() {
            position[axis] += 1
            offset += strides[axis]
            if position[axis] < target[axis] { break }
            offset -= strides[axis] * target[axis]
            position[axis] = 0
          }
        }
      }
    }
    return result.converted(to: .channelsLast)
  }
}
