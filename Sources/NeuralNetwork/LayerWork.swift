import Tensors

/// What one pass through a layer takes, forward or backward: operations on numbers, and bytes that have to be moved at
/// least once (inputs, parameters and output; float32).
public struct LayerWork: Sendable, Equatable {
  public var flops: Double
  public var bytes: Double

  public init(flops: Double, bytes: Double) {
    self.flops = flops
    self.bytes = bytes
  }

  /// The work of a layer.
  /// - Parameters:
  ///   - inputs: shapes of its inputs, as ``Layer/outputShape(for:)`` takes them.
  ///   - output: the shape of its output.
  public init(of layer: any Layer, inputs: [Shape], output: Shape) {
    let parameters = layer as? any ParameterizedLayer
    let weights = Double((parameters?.weight.count ?? 0) + (parameters?.bias?.count ?? 0))
    bytes = layer.traits.isIdentity ? 0 : 4 * (inputs.elementCount + Double(output.count) + weights)
    flops = layer.flops(inputs: inputs, output: output)
  }

  public static func + (left: LayerWork, right: LayerWork) -> LayerWork {
    LayerWork(flops: left.flops + right.flops, bytes: left.bytes + right.bytes)
  }
}

extension [Shape] {
  /// Elements of all together.
  var elementCount: Double { reduce(0) { $0 + Double($1.count) } }
}
