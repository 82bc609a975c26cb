import Tensors

/// The extents that an adaptive pooling brings its input to; `nil` leaves an axis as it is.
public struct AdaptiveExtents: Hashable, Sendable {
  public var extents: [Int?]

  public init(_ extents: [Int?]) { self.extents = extents }

  func windows(over input: Shape, operation: String) throws -> PoolingWindows {
    _ = try outputShape(input: input, operation: operation)
    let axes = zip(input.spatial, extents).map { extent, wanted in
      PoolingWindows.Axis(extent: extent, adaptingTo: wanted ?? extent)
    }
    return PoolingWindows(input: input, axes: axes)
  }

  func outputShape(input: Shape, operation: String) throws -> Shape {
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

/// Means over windows that share the input evenly.
public struct AdaptiveAveragePooling: Hashable, Sendable {
  public var output: AdaptiveExtents

  public init(_ output: AdaptiveExtents) { self.output = output }

  private static let name = "adaptive average pooling"

  /// The shape of the result for an input `(N, C, spatial…)`.
  public func outputShape(input: Shape) throws -> Shape {
    try output.outputShape(input: input, operation: Self.name)
  }

  /// The result `(N, C, output…)` for an input `(N, C, spatial…)`.
  public func forward(_ input: Tensor) throws -> Tensor {
    let windows = try output.windows(over: input.shape, operation: Self.name)
    if windows.outputShape == input.shape { return input }
    return windows.average(of: input, factors: windows.averageFactors(countsPadding: false, divisor: nil))
  }

  /// The vector-Jacobian product `Jᵀ seed`.
  public func vjp(_ seed: Tensor, inputShape: Shape) throws -> Tensor {
    let windows = try output.windows(over: inputShape, operation: Self.name)
    try windows.check(seed: seed, input: inputShape, operation: Self.name)
    if windows.outputShape == inputShape { return seed }
    return windows.averageAdjoint(
      seed, inputShape: inputShape, factors: windows.averageFactors(countsPadding: false, divisor: nil))
  }
}

/// Largest elements of windows that share the input evenly.
public struct AdaptiveMaxPooling: Hashable, Sendable {
  public var output: AdaptiveExtents

  public init(_ output: AdaptiveExtents) { self.output = output }

  private static let name = "adaptive max pooling"

  /// The shape of the result for an input `(N, C, spatial…)`.
  public func outputShape(input: Shape) throws -> Shape {
    try output.outputShape(input: input, operation: Self.name)
  }

  /// The result `(N, C, output…)` for an input `(N, C, spatial…)`.
  public func forward(_ input: Tensor) throws -> Tensor {
    try output.windows(over: input.shape, operation: Self.name).maximum(of: input)
  }

  /// Routes `seed` to the first maximum of each window.
  public func vjp(_ seed: Tensor, input: Tensor) throws -> Tensor {
    let windows = try output.windows(over: input.shape, operation: Self.name)
    try windows.check(seed: seed, input: input.shape, operation: Self.name)
    return windows.maximumAdjoint(seed, input: input)
  }
}
