import Compute
import NeuralNetwork
import Tensors

/// Folds a batch norm into the linear layers before it: with `scale = γ / √(σ² + eps)`,
/// `w ← w · scale` along the output channels and `b ← (b − μ) · scale + β`. The batch norm becomes the identity.
///
/// ``SequentialMergeBatchNorm``, ``NamedMergeBatchNorm`` and ``GraphMergeBatchNorm`` differ in which they merge; a
/// canonizer of one's own chooses others.
public enum MergeBatchNorm {
  /// The network with one batch norm merged into linear layers, all given by module path.
  /// - Parameter canonizer: the name that errors are given under.
  /// - Throws: ``LRPError/canonizer(name:problem:)`` if they do not fit, ``NetworkError`` for unknown paths.
  public static func merge(
    _ batchNorm: String, into linears: [String], of network: Network, canonizer: String = "MergeBatchNorm"
  ) throws -> Network {
    var layers: [Int: any Layer] = [:]
    try merge(linears: linears, into: &layers, batchNorm: batchNorm, network: network, canonizer: canonizer)
    return try network.replacing(layers)
  }

  /// One merge of several: adds the replacements for all nodes of the given modules, by node index, to those there are.
  /// `Network.replacing(_:)` makes the network of them.
  /// - Throws: as ``merge(_:into:of:canonizer:)``.
  public static func merge(
    linears: [String], into layers: inout [Int: any Layer], batchNorm path: String, network: Network, canonizer: String
  ) throws {
    func layer(_ index: Int) -> any Layer { layers[index] ?? network.nodes[index].layer }
    guard let anyNorm = network.indices(ofPath: path).first else { throw network.unknownLayer(path) }
    let norms = network.indices(ofPath: path).filter { layer($0) is any BatchNormalizing }
    guard let first = norms.first, let norm = layer(first) as? any BatchNormalizing else {
      throw LRPError.canonizer(
        name: canonizer, problem: "\(path) is \(layer(anyNorm).kind.rawValue), a batch norm expected")
    }
    let scale = norm.affine.scale
    let mean = norm.runningMean.rowMajorElements()
    let shift = norm.bias?.rowMajorElements() ?? [Float](repeating: 0, count: mean.count)
    for linear in linears {
      guard let anyLayer = network.indices(ofPath: linear).first else { throw network.unknownLayer(linear) }
      let indices = network.indices(ofPath: linear).filter { LayerType.linear.contains(layer($0).kind) }
      guard let first = indices.first, let original = layer(first) as? any ParameterizedLayer else {
        throw LRPError.canonizer(
          name: canonizer, problem: "\(linear) is \(layer(anyLayer).kind.rawValue), a linear layer expected")
      }
      if let rank = network.axesBetween(indices, norms) {
        throw LRPError.canonizer(
          name: canonizer,
          problem: "\(linear) makes the last of \(rank) axes, \(path) is over the second; an output (N, C) expected")
      }
      let merged = try merge(original, scale, mean, shift, names: (linear, path), canonizer)
      for index in indices { layers[index] = merged }
    }
    let identity = norm.identityLayer()
    for index in norms { layers[index] = identity }
  }

  private static func merge(
    _ layer: any ParameterizedLayer, _ scale: [Double], _ mean: [Float], _ shift: [Float],
    names: (linear: String, norm: String), _ canonizer: String
  ) throws -> any ParameterizedLayer {
    let shape = layer.weight.shape
    // Transposed convolutions keep their output channels on the second axis, `(I, O/groups, …)`: those of the group that
    // the row belongs to.
    let isTransposed = LayerType.convolutionTranspose.contains(layer.kind)
    let axis = isTransposed ? 1 : 0
    let groups = isTransposed ? (layer as? Convolution)?.geometry.groups ?? 1 : 1
    let outputs = shape.rank > axis ? shape[axis] * groups : 0
    guard outputs == scale.count, outputs > 0 else {
      throw LRPError.canonizer(
        name: canonizer, problem: "\(names.linear) has \(outputs) output channels, \(names.norm) has \(scale.count)")
    }
    let inner = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
    let (rows, part) = (shape[0] / groups, outputs / groups)
    let scales = groups == 1 ? scale : (0..<groups * rows).flatMap { scale[$0 / rows * part..<($0 / rows + 1) * part] }
    let weight = layer.weight.scaled(by: scales, each: inner)
    ComputeEngine.release(layer.weight)
    let old = layer.bias?.rowMajorElements() ?? [Float](repeating: 0, count: scale.count)
    let bias = scale.indices.map { Float((Double(old[$0]) - Double(mean[$0])) * scale[$0] + Double(shift[$0])) }
    return layer.replacing(weight: weight, bias: Tensor([bias.count], rowMajor: bias))
  }
}

extension Network {
  /// The number of axes between a fully connected layer and a batch norm that reads it, if the layer makes another axis
  /// than the batch norm is over: more than `(N, C)`.
  func axesBetween(_ linears: [Int], _ norms: [Int]) -> Int? {
    let sources = linears.filter { linear in
      nodes[linear].layer is FullyConnected && norms.contains { nodes[$0].inputs == [linear] }
    }
    guard !sources.isEmpty else { return nil }
    let ranks = ranks
    return sources.lazy.compactMap { ranks[$0] }.first { $0 != 2 }
  }
}
