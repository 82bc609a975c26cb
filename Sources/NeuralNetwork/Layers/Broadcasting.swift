import Tensors

extension Shape {
  /// The shape of an element-wise operation on inputs of one rank and batch, in which extents of 1 are repeated.
  static func broadcast(_ inputs: [Shape]) throws -> Shape {
    var result = inputs.first?.dimensions ?? []
    var isSound = !inputs.isEmpty
    for shape in inputs.dropFirst() where isSound {
      isSound =
        shape.rank == result.count && shape.batch == inputs[0].batch
        && zip(result, shape.dimensions).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 }
      if isSound { result = zip(result, shape.dimensions).map { $0 == 1 ? $1 : $0 } }
    }
    guard isSound, let shape = Shape(checking: result) else {
      throw LayerError(
        "inputs \(inputs.map(\.description).joined(separator: " and ")) found, inputs of one shape expected,"
          + " but for extents of 1")
    }
    return shape
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
func forEachPair(of large: Shape, with small: Shape, _ body: (Int, Int) -> Void) {
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
