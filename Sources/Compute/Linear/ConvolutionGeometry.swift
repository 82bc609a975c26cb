import Tensors

/// How a convolution's window moves: everything about it but its parameters. One entry per spatial axis.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Steps of the window, at least 1.
  public var strides: [Int]
  /// Distance of neighbouring kernel elements; 1 for a dense kernel.
  public var dilations: [Int]
  /// Zeros before the first element of each axis.
  public var paddingBegin: [Int]
  /// Zeros after the last element of each axis.
  public var paddingEnd: [Int]
  /// Number of groups of channels that do not see each other.
  public var groups: Int
  /// Whether this is a transposed convolution.
  public var isTransposed: Bool
  /// Rows added at the end of each axis of a transposed convolution's output.
  public var outputPadding: [Int]

  public init(
    strides: [Int], dilations: [Int], paddingBegin: [Int], paddingEnd: [Int], groups: Int = 1,
    isTransposed: Bool = false, outputPadding: [Int]? = nil
  ) {
    self.strides = strides
    self.dilations = dilations
    self.paddingBegin = paddingBegin
    self.paddingEnd = paddingEnd
    self.groups = groups
    self.isTransposed = isTransposed
    self.outputPadding = outputPadding ?? strides.map { _ in 0 }
  }

  /// The same numbers for each of `rank` spatial axes.
  public init(
    rank: Int, stride: Int = 1, dilation: Int = 1, padding: Int = 0, groups: Int = 1, isTransposed: Bool = false,
    outputPadding: Int = 0
  ) {
    let each = { (value: Int) in [Int](repeating: value, count: rank) }
    self.init(
      strides: each(stride), dilations: each(dilation), paddingBegin: each(padding), paddingEnd: each(padding),
      groups: groups, isTransposed: isTransposed, outputPadding: each(outputPadding))
  }

  /// Number of spatial axes.
  public var rank: Int { strides.count }

  package var name: String { (isTransposed ? "transposed convolution " : "convolution ") + "\(rank)d" }

  /// The shape of the result: `(N, O, spatial…)`.
  /// - Parameters:
  ///   - input: `(N, I, spatial…)`.
  ///   - weight: `(O, I/groups, kernel…)`, transposed `(I, O/groups, kernel…)`.
  /// - Throws: ``ComputeError`` if the shapes or this geometry's numbers do not fit together.
  public func outputShape(input: Shape, weight: Shape) throws -> Shape {
    try validate(weight: weight)
    let channels = isTransposed ? weight[0] : weight[1] * groups
    guard input.rank == rank + 2, input.channels == channels else {
      throw ComputeError.shape(
        operation: name, found: input,
        expected: "(N, \(channels)" + String(repeating: ", …", count: rank) + ") for a weight of shape \(weight)")
    }
    var spatial: [Int] = []
    for axis in 0..<rank {
      let reach = dilations[axis] * (weight[axis + 2] - 1) + 1
      let padding = paddingBegin[axis] + paddingEnd[axis]
      let extent = input[axis + 2]
      let result =
        isTransposed
        ? (extent - 1) * strides[axis] - padding + reach + outputPadding[axis]
        : (extent + padding - reach) / strides[axis] + 1
      guard extent > 0, result > 0, isTransposed || extent + padding >= reach else {
        throw ComputeError.shape(
          operation: name, found: input, expected: "at least the kernel's reach of \(reach) along spatial axis \(axis)")
      }
      spatial.append(result)
    }
    let features = isTransposed ? weight[1] * groups : weight[0]
    guard let shape = Shape(checking: [input.batch, features] + spatial) else {
      throw ComputeError.shape(operation: name, found: input, expected: "a result that fits into memory")
    }
    return shape
  }

  private func validate(weight: Shape) throws {
    guard (1...3).contains(rank), weight.rank == rank + 2, weight.count > 0 else {
      throw ComputeError.shape(
        operation: name, found: weight,
        expected: "a weight of rank \(rank + 2) without empty axes, 1 to 3 of them spatial")
    }
    // The upper bound keeps every product below within 64 bits.
    let limit = 1 << 20
    func demand(_ name: String, _ values: [Int], from least: Int) throws {
      guard values.count == rank, values.allSatisfy({ (least...limit).contains($0) }) else {
        throw ComputeError.parameter(
          operation: self.name, name: name, found: "\(values)", expected: "\(rank) numbers from \(least) to \(limit)")
      }
    }
    try demand("strides", strides, from: 1)
    try demand("dilations", dilations, from: 1)
    try demand("paddingBegin", paddingBegin, from: 0)
    try demand("paddingEnd", paddingEnd, from: 0)
    try demand("outputPadding", outputPadding, from: 0)
    try demand("the kernel", weight.spatial, from: 1)
    guard groups > 0, weight[0] % groups == 0 else {
      throw ComputeError.parameter(
        operation: name, name: "groups", found: "\(groups)", expected: "a divisor of the weight's \(weight[0]) channels"
      )
    }
  }
}
