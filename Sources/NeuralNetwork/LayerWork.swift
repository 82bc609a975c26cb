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

  /// The work of a layer. A multiplication with an addition counts 2, any function of a single element 1.
  /// - Parameters:
  ///   - inputs: shapes of its inputs, as ``Layer/outputShape(for:)`` takes them.
  ///   - output: the shape of its output.
  public init(of layer: any Layer, inputs: [Shape], output: Shape) {
    let read = inputs.reduce(0) { $0 + Double($1.count) }
    let written = Double(output.count)
    let parameters = layer as? any ParameterizedLayer
    let weights = Double((parameters?.weight.count ?? 0) + (parameters?.bias?.count ?? 0))
    bytes = layer.kind.movesNothing ? 0 : 4 * (read + written + weights)
    flops = Self.flops(of: layer, read: read, written: written)
  }

  private static func flops(of layer: any Layer, read: Double, written: Double) -> Double {
    let kind = layer.kind
    if let parameters = layer as? any ParameterizedLayer, LayerType.linear.contains(kind) {
      // Each number of the gathered side meets every weight of its channel once.
      let shape = parameters.weight.shape
      let perElement = Double(shape.count) / Double(max(1, shape[0]))
      return 2 * perElement * (LayerType.convolutionTranspose.contains(kind) ? read : written)
    }
    if kind.movesNothing { return 0 }
    switch kind {
    case .concatenation, .transpose, .slice, .padding, .flatten, .reshape: return 0
    case .constant: return 0
    case .sum, .add, .product: return max(0, read - written)
    case .reduction: return read
    case .lstm, .gru, .rnn, .gatedRecurrence:
      return (layer as? Recurrence).map { 2 * Double($0.cell.weightCount) / Double($0.cell.hidden) * written }
        ?? written
    case .softmax, .logSoftmax: return 4 * written
    case .layerNorm: return 8 * written
    case _ where LayerType.batchNorm.contains(kind): return 2 * written
    case _ where LayerType.avgPool.contains(kind) || LayerType.maxPool.contains(kind):
      let window = (layer as? AveragePool)?.geometry.kernel ?? (layer as? MaxPool)?.geometry.kernel
      return window.map { written * Double($0.reduce(1, *)) } ?? read
    default: return written
    }
  }

  public static func + (left: LayerWork, right: LayerWork) -> LayerWork {
    LayerWork(flops: left.flops + right.flops, bytes: left.bytes + right.bytes)
  }
}

extension LayerKind {
  /// Whether the input is handed on as it is.
  fileprivate var movesNothing: Bool { [.input, .identity, .dropout].contains(self) }
}
