import Tensors

/// How a pooling window moves; one entry per spatial axis (1 to 3 of them).
public struct PoolingGeometry: Hashable, Sendable {
  public var kernel: [Int]
  public var strides: [Int]
  public var paddingBegin: [Int]
  public var paddingEnd: [Int]
  public var dilations: [Int]
  /// Whether a window that only partly fits at the end still counts.
  public var ceilMode: Bool

  /// - Parameters:
  ///   - strides: the kernel's extents if `nil`, as in torch.
  ///   - paddingEnd: as `paddingBegin` if `nil`.
  public init(
    kernel: [Int], strides: [Int]? = nil, paddingBegin: [Int]? = nil, paddingEnd: [Int]? = nil,
    dilations: [Int]? = nil, ceilMode: Bool = false
  ) {
    self.kernel = kernel
    self.strides = strides ?? kernel
    self.paddingBegin = paddingBegin ?? kernel.map { _ in 0 }
    self.paddingEnd = paddingEnd ?? self.paddingBegin
    self.dilations = dilations ?? kernel.map { _ in 1 }
    self.ceilMode = ceilMode
  }

  /// Number of spatial axes.
  public var rank: Int { kernel.count }

  /// The windows over an input `(N, C, spatial…)`.
  /// - Throws: ``ComputeError`` if the shape or this geometry's numbers do not fit together.
  package func windows(over input: Shape, operation: String) throws -> PoolingWindows {
    let counts = try counts(over: input, operation: operation)
    let axes = (0..<rank).map { axis in
      PoolingWindows.Axis(
        extent: input[axis + 2], count: counts[axis], stride: strides[axis], begin: paddingBegin[axis],
        end: paddingEnd[axis], kernel: kernel[axis], dilation: dilations[axis])
    }
    return PoolingWindows(input: input, axes: axes)
  }

  /// The shape of the result: as many elements along each axis as there are windows.
  /// - Throws: as ``windows(over:operation:)``.
  package func outputShape(input: Shape, operation: String) throws -> Shape {
    let counts = try counts(over: input, operation: operation)
    guard let shape = Shape(checking: [input.batch, input.channels] + counts) else {
      throw ComputeError.shape(operation: operation, found: input, expected: "a result that fits into memory")
    }
    return shape
  }

  /// The number of windows along each spatial axis.
  private func counts(over input: Shape, operation: String) throws -> [Int] {
    try validate(operation)
    guard input.rank == rank + 2 else {
      throw ComputeError.shape(
        operation: operation, found: input, expected: "(N, C" + String(repeating: ", …", count: rank) + ")")
    }
    return try (0..<rank).map { axis in
      let (extent, stride) = (input[axis + 2], strides[axis])
      let (begin, end) = (paddingBegin[axis], paddingEnd[axis])
      let reach = (kernel[axis] - 1) * dilations[axis] + 1
      let room = extent + begin + end - reach
      guard extent > 0, room >= 0 else {
        throw ComputeError.shape(
          operation: operation, found: input,
          expected: "at least the window's reach of \(reach) on spatial axis \(axis)")
      }
      let count = (ceilMode ? (room + stride - 1) / stride : room / stride) + 1
      // The last window has to start inside the input or its padding before it.
      return ceilMode && (count - 1) * stride >= extent + begin ? count - 1 : count
    }
  }

  private func validate(_ operation: String) throws {
    let limit = 1 << 20
    guard (1...3).contains(rank) else {
      throw ComputeError.parameter(
        operation: operation, name: "the kernel", found: "\(kernel)", expected: "1 to 3 extents")
    }
    func demand(_ name: String, _ values: [Int], from least: Int) throws {
      guard values.count == rank, values.allSatisfy({ (least...limit).contains($0) }) else {
        throw ComputeError.parameter(
          operation: operation, name: name, found: "\(values)", expected: "\(rank) numbers from \(least) to \(limit)")
      }
    }
    try demand("the kernel", kernel, from: 1)
    try demand("strides", strides, from: 1)
    try demand("dilations", dilations, from: 1)
    try demand("paddingBegin", paddingBegin, from: 0)
    try demand("paddingEnd", paddingEnd, from: 0)
    for axis in 0..<rank where max(paddingBegin[axis], paddingEnd[axis]) * 2 > kernel[axis] {
      throw ComputeError.parameter(
        operation: operation, name: "padding", found: "\(paddingBegin) and \(paddingEnd)",
        expected: "at most half of the kernel \(kernel)")
    }
  }
}
