import Tensors

/// The extents that an adaptive pooling brings its input to; `nil` leaves an axis as it is.
public struct AdaptiveExtents: Hashable, Sendable {
  public var extents: [Int?]

  public init(_ extents: [Int?]) { self.extents = extents }

  package func windows(over input: Shape, operation: String) throws -> PoolingWindows {
    _ = try outputShape(input: input, operation: operation)
    let axes = zip(input.spatial, extents).map { extent, wanted in
      PoolingWindows.Axis(extent: extent, adaptingTo: wanted ?? extent)
    }
    return PoolingWindows(input: input, axes: axes)
  }

  package func outputShape(input: Shape, operation: String) throws -> Shape {
    guard (1...3).contains(extents.count), extents.allSatisfy({ (1...1 << 20).contains($0 ?? 1) }) else {
      throw ComputeError.parameter(
        operation: operation, name: "output size", found: "\(extents)", expected: "1 to 3 positive numbers")
    }
    guard input.rank == extents.count + 2, input.spatialCount > 0 else {
      throw ComputeError.shape(
        operation: operation, found: input, expected: "(N, C" + String(repeating: ", …", count: extents.count) + ")")
    }
    guard let shape = Shape(checking: [input.batch, input.channels] + zip(input.spatial, extents).map { $1 ?? $0 })
    else {
      throw ComputeError.shape(operation: operation, found: input, expected: "a result that fits into memory")
    }
    return shape
  }
}
