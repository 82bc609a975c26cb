import Tensors

/// Joins a run of neighbouring axes in row-major order of the logical shape, as torch does. This is the one place
/// where channels-last order is undone.
public struct Flattening: Hashable, Sendable {
  /// First axis of the run; negative numbers count from the end.
  public var first: Int
  /// Last axis of the run.
  public var last: Int

  public init(first: Int = 1, last: Int = -1) {
    self.first = first
    self.last = last
  }

  /// The shape of the result.
  public func outputShape(input: Shape) throws -> Shape {
    let rank = input.rank
    let (from, to) = (first < 0 ? first + rank : first, last < 0 ? last + rank : last)
    guard from >= 0, to < rank, from <= to else {
      throw ComputeError.shape(operation: "flatten", found: input, expected: "axes \(first) to \(last)")
    }
    let dimensions = input.dimensions
    return Shape(dimensions[..<from] + [dimensions[from...to].reduce(1, *)] + dimensions[(to + 1)...])
  }

  /// The elements under the new shape.
  public func forward(_ input: Tensor) throws -> Tensor {
    input.reshaped(to: try outputShape(input: input.shape))
  }

  /// The seed under the input's shape.
  public func vjp(_ seed: Tensor, inputShape: Shape) throws -> Tensor {
    let output = try outputShape(input: inputShape)
    guard seed.shape == output else {
      throw ComputeError.shape(operation: "gradient of flatten", found: seed.shape, expected: "\(output)")
    }
    return seed.reshaped(to: inputShape)
  }
}

extension Tensor {
  /// The same elements, in row-major order of the logical shapes, under another shape; the result is channels-last.
  /// - Precondition: equal element counts.
  public func reshaped(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    // (N, C, 1, …) and (N, C) are stored alike.
    if self.shape.isFlat && shape.isFlat && self.shape.batch == shape.batch { return viewed(as: shape) }
    return converted(to: .rowMajor).viewed(as: shape, layout: .rowMajor).converted(to: .channelsLast)
  }
}

extension Shape {
  /// Whether there is at most one extent beside N and C that matters: none.
  fileprivate var isFlat: Bool { rank >= 2 && spatialCount == 1 }
}
