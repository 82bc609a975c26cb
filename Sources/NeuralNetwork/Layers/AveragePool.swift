import Compute
import Tensors

/// The mean of every window, over 1 to 3 spatial axes.
public struct AveragePool: Layer {
  public var kind: LayerKind {
    switch geometry.rank {
    case 1: .avgPool1d
    case 2: .avgPool2d
    default: .avgPool3d
    }
  }
  public var summary: String { "AvgPool " + geometry.text }
  public let geometry: PoolingGeometry
  /// Whether zeros of the padding count as elements.
  public let countsPadding: Bool
  /// The number that windows are divided by instead of the number of their elements.
  public let divisor: Int?

  /// - Parameters:
  ///   - geometry: whose dilations must be 1, as in torch.
  ///   - countsPadding: whether zeros of the padding count as elements (`count_include_pad`).
  ///   - divisor: the number to divide by instead of the number of elements.
  public init(_ geometry: PoolingGeometry, countsPadding: Bool = true, divisor: Int? = nil) {
    (self.geometry, self.countsPadding, self.divisor) = (geometry, countsPadding, divisor)
  }

  /// Whether the mean of a constant is the constant, also at the borders.
  public var keepsConstants: Bool {
    let isPadded = (geometry.paddingBegin + geometry.paddingEnd).contains { $0 != 0 }
    return divisor == nil && !(countsPadding && isPadded)
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: divisor ?? 1 > 0 ? .keepsNonnegative : .unknown, axes: .kept(geometry.rank + 2),
      isFunctional: false, isSampleWise: true,
      isWeightedSum: true, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { geometry.flops(output: output) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  private static let name = "average pooling"

  private func validate() throws {
    if let divisor, divisor == 0 {
      throw ComputeError.parameter(operation: Self.name, name: "divisor", found: "0", expected: "another number")
    }
    guard geometry.dilations.allSatisfy({ $0 == 1 }) else {
      throw ComputeError.parameter(
        operation: Self.name, name: "dilations", found: "\(geometry.dilations)", expected: "1 everywhere")
    }
  }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    try validate()
    return try geometry.outputShape(input: inputs.only(), operation: Self.name)
  }

  /// The windows over an input, and what the sum of each is multiplied by.
  private func windows(over input: Shape) throws -> (windows: PoolingWindows, factors: [Float]) {
    try validate()
    let windows = try geometry.windows(over: input, operation: Self.name)
    return (windows, windows.averageFactors(countsPadding: countsPadding, divisor: divisor))
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    let (windows, factors) = try windows(over: input.shape)
    return windows.average(of: input, factors: factors)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let input = try inputs.only().shape
    let (windows, factors) = try windows(over: input)
    try windows.check(seed: seed, input: input, operation: Self.name)
    return [windows.averageAdjoint(seed, inputShape: input, factors: factors)]
  }
}
