import Tensors

/// The mean of every window, over 1 to 3 spatial axes.
public struct AveragePooling: Hashable, Sendable {
  public var geometry: PoolingGeometry
  /// Whether zeros of the padding count as elements.
  public var countsPadding: Bool
  /// The number to divide by instead of the number of elements.
  public var divisor: Int?

  /// `geometry.dilations` must be 1, as in torch.
  public init(_ geometry: PoolingGeometry, countsPadding: Bool = true, divisor: Int? = nil) {
    self.geometry = geometry
    self.countsPadding = countsPadding
    self.divisor = divisor
  }

  private static let name = "average pooling"

  private func windows(over input: Shape) throws -> PoolingWindows {
    try validate()
    return try geometry.windows(over: input, operation: Self.name)
  }

  private func validate() throws {
    if let divisor, divisor == 0 {
      throw ComputeError.parameter(operation: Self.name, name: "divisor", found: "0", expected: "another number")
    }
    guard geometry.dilations.allSatisfy({ $0 == 1 }) else {
      throw ComputeError.parameter(
        operation: Self.name, name: "dilations", found: "\(geometry.dilations)", expected: "1 everywhere")
    }
  }

  /// The shape of the result for an input `(N, C, spatial…)`.
  public func outputShape(input: Shape) throws -> Shape {
    try validate()
    return try geometry.outputShape(input: input, operation: Self.name)
  }

  /// The result `(N, C, spatial…)` for an input `(N, C, spatial…)`.
  public func forward(_ input: Tensor) throws -> Tensor {
    let windows = try windows(over: input.shape)
    return windows.average(of: input, factors: windows.averageFactors(countsPadding: countsPadding, divisor: divisor))
  }

  /// The vector-Jacobian product `Jᵀ seed`.
  public func vjp(_ seed: Tensor, inputShape: Shape) throws -> Tensor {
    let windows = try windows(over: inputShape)
    try windows.check(seed: seed, input: inputShape, operation: Self.name)
    return windows.averageAdjoint(
      seed, inputShape: inputShape, factors: windows.averageFactors(countsPadding: countsPadding, divisor: divisor))
  }
}
