import Tensors

/// The element-wise product of two inputs, one of which may have extents of 1 where the other has more: a gate.
public struct Product: Layer {
  public var kind: LayerKind { .product }
  public var summary: String { "×" }
  public init() {}

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    guard inputs.count == 2, inputs[0].rank == inputs[1].rank, inputs[0].batch == inputs[1].batch,
      zip(inputs[0].dimensions, inputs[1].dimensions).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }),
      let shape = Shape(checking: zip(inputs[0].dimensions, inputs[1].dimensions).map { $0 == 1 ? $1 : $0 })
    else {
      throw LayerError(
        "inputs \(inputs.map(\.description).joined(separator: " and ")) found, two of one shape expected,"
          + " but for extents of 1")
    }
    return shape
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

extension Tensor {
  /// Repeats the elements along the axes of extent 1 where `shape` has more. Channels-last out.
  func expanded(to shape: Shape) -> Tensor {
    guard shape != self.shape else { return converted(to: .channelsLast) }
    let source = converted(to: .rowMajor)
    var result = Tensor(uninitialized: shape, layout: .rowMajor)
    result.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        forEachPair(of: shape, with: self.shape) { target[$0] = source[$1] }
      }
    }
    return result.converted(to: .channelsLast)
  }

  /// Sums over the axes where `shape` has extent 1: the adjoint of ``expanded(to:)``.
  func summed(to shape: Shape) -> Tensor {
    guard shape != self.shape else { return self }
    let source = converted(to: .rowMajor)
    var result = Tensor.zeros(shape, layout: .rowMajor)
    result.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        forEachPair(of: self.shape, with: shape) { target[$1] += source[$0] }
      }
    }
    return result.converted(to: .channelsLast)
  }
}

/// Calls `body` with the row-major index of every element of `large` and of the element of `small` that belongs to it.
private func forEachPair(of large: Shape, with small: Shape, _ body: (Int, Int) -> Void) {
  var strides = [Int](repeating: 0, count: large.rank)
  var stride = 1
  for axis in strides.indices.reversed() {
    strides[axis] = small[axis] == 1 ? 0 : stride
    stride *= small[axis]
  }
  var position = [Int](repeating: 0, count: large.rank)
  var offset = 0
  for index in 0..<large.count {
    body(index, offset)
    for axis in strides.indices.reversed() {
      position[axis] += 1
      offset += strides[axis]
      if position[axis] < large[axis] { break }
      offset -= strides[axis] * large[axis]
      position[axis] = 0
    }
  }
}
