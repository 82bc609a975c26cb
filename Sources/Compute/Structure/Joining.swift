import Tensors

/// Joins arrays along one logical axis (1: the channels), and takes them apart again.
public struct Joining: Hashable, Sendable {
  /// Negative numbers count from the end.
  public var axis: Int

  public init(axis: Int = 1) { self.axis = axis }

  private static let name = "concatenation"

  private func resolved(_ shape: Shape) throws -> Int {
    let index = axis < 0 ? axis + shape.rank : axis
    guard shape.dimensions.indices.contains(index) else {
      throw ComputeError.shape(operation: Self.name, found: shape, expected: "an axis \(axis)")
    }
    return index
  }

  /// The shape of the result for inputs that agree in everything but the axis.
  public func outputShape(inputs: [Shape]) throws -> Shape {
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

  /// Elements per step of the axis, in storage order (channels-last).
  private func inner(_ shape: Shape, _ axis: Int) -> Int {
    switch axis {
    case 0: shape.sampleCount
    case 1: 1
    default: shape.dimensions[(axis + 1)...].reduce(1, *) * shape.channels
    }
  }

  /// The inputs side by side.
  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let output = try outputShape(inputs: inputs.map(\.shape))
    let axis = try resolved(output)
    let width = inner(output, axis) * output[axis]
    var result = Tensor(uninitialized: output)
    guard width > 0 else { return result }
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      var offset = 0
      for input in inputs {
        let part = input.converted(to: .channelsLast)
        let count = inner(part.shape, axis) * part.shape[axis]
        let (source, start) = (UncheckedPointer(part.unsafeAddress), offset)
        parallelFor(buffer.count / width, grain: max(1, Parallelism.grain / max(1, count))) { rows in
          for row in rows {
            (target.pointer + row * width + start).update(from: source.pointer + row * count, count: count)
          }
        }
        withExtendedLifetime(part) {}
        offset += count
      }
    }
    return result
  }

  /// The seed cut into the parts that belong to each input.
  public func vjp(_ seed: Tensor, inputShapes: [Shape]) throws -> [Tensor] {
    let output = try outputShape(inputs: inputShapes)
    guard seed.shape == output else {
      throw ComputeError.shape(operation: "gradient of \(Self.name)", found: seed.shape, expected: "\(output)")
    }
    let axis = try resolved(output)
    let width = inner(output, axis) * output[axis]
    let seed = seed.converted(to: .channelsLast)
    let source = UncheckedPointer(seed.unsafeAddress)
    var offset = 0
    return inputShapes.map { shape in
      var part = Tensor(uninitialized: shape)
      let count = inner(shape, axis) * shape[axis]
      let start = offset
      offset += count
      part.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress, count > 0 else { return }
        let target = UncheckedMutablePointer(base)
        parallelFor(buffer.count / count, grain: max(1, Parallelism.grain / count)) { rows in
          for row in rows {
            (target.pointer + row * count).update(from: source.pointer + row * width + start, count: count)
          }
        }
      }
      withExtendedLifetime(seed) {}
      return part
    }
  }
}
