import Tensors

/// The largest element of every window, over 1 to 3 spatial axes. NaN in a window gives NaN.
public struct MaxPooling: Hashable, Sendable {
  public var geometry: PoolingGeometry

  public init(_ geometry: PoolingGeometry) { self.geometry = geometry }

  private static let name = "max pooling"

  /// The shape of the result for an input `(N, C, spatial…)`.
  public func outputShape(input: Shape) throws -> Shape {
    try geometry.outputShape(input: input, operation: Self.name)
  }

  /// The result `(N, C, spatial…)` for an input `(N, C, spatial…)`.
  public func forward(_ input: Tensor) throws -> Tensor {
    try geometry.windows(over: input.shape, operation: Self.name).maximum(of: input)
  }

  /// Routes `seed` to the winners; the first maximum in row-major order of the window wins ties, as in torch.
  public func vjp(_ seed: Tensor, input: Tensor) throws -> Tensor {
    let windows = try geometry.windows(over: input.shape, operation: Self.name)
    try windows.check(seed: seed, input: input.shape, operation: Self.name)
    return windows.maximumAdjoint(seed, input: input)
  }
}
