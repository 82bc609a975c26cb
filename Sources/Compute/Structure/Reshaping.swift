import Tensors

extension Tensor {
  /// The same elements, in row-major order of the logical shapes, under another shape; the result is channels-last.
  /// This is the one place where channels-last order is undone.
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
