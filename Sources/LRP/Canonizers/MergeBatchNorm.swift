import NeuralNetwork
import Tensors

/// Folds a batch norm into the linear layers before it: with `scale = γ / √(σ² + eps)`,
/// `w ← w · scale` along the output channels and `b ← (b − μ) · scale + β`. The batch norm becomes the identity.
enum MergeBatchNorm {
  /// Replacements for all nodes of the given modules.
  static func merge(
    linears: [String], into layers: inout [Int: any Layer], batchNorm path: String, network: Network, canonizer: String
  ) throws {
    func layer(_ index: Int) -> any Layer { layers[index] ?? network.nodes[index].layer }
    let norms = network.indices(ofPath: path)
    guard let first = norms.first else { throw network.unknownLayer(path) }
    guard let norm = layer(first) as? any BatchNormalizing else {
      throw LRPError.canonizer(
        name: canonizer, problem: "\(path) is \(layer(first).kind.rawValue), a batch norm expected")
    }
    let scale = norm.affine.scale
    let mean = norm.runningMean.rowMajorElements()
    let shift = norm.bias?.rowMajorElements() ?? [Float](repeating: 0, count: mean.count)
    for linear in linears {
      let indices = network.indices(ofPath: linear)
      guard let first = indices.first else { throw network.unknownLayer(linear) }
      guard LayerType.linear.contains(layer(first).kind), let original = layer(first) as? any ParameterizedLayer else {
        throw LRPError.canonizer(
          name: canonizer, problem: "\(linear) is \(layer(first).kind.rawValue), a linear layer expected")
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
    // Transposed convolutions keep their output channels on the second axis, `(I, O/groups, …)`.
    let axis = LayerType.convolutionTranspose.contains(layer.kind) ? 1 : 0
    guard shape.rank > axis, shape[axis] == scale.count else {
      throw LRPError.canonizer(
        name: canonizer,
        problem: "\(names.linear) has \(shape.rank > axis ? shape[axis] : 0) output channels per group, "
          + "\(names.norm) has \(scale.count)")
    }
    let inner = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
    let weight = layer.weight.scaled(by: scale, each: inner)
    layer.weight.retireBorrowedMemory()
    let old = layer.bias?.rowMajorElements() ?? [Float](repeating: 0, count: scale.count)
    let bias = scale.indices.map { Float((Double(old[$0]) - Double(mean[$0])) * scale[$0] + Double(shift[$0])) }
    return layer.replacing(weight: weight, bias: Tensor([bias.count], rowMajor: bias))
  }
}

extension Tensor {
  /// Row-major, each run of `inner` elements times the next of `scales`, over and over; multiplied in double.
  fileprivate func scaled(by scales: [Double], each inner: Int) -> Tensor {
    let plain = converted(to: .rowMajor)
    var result = Tensor(uninitialized: shape, layout: .rowMajor)
    let (source, target) = (UncheckedPointer(plain.unsafeAddress), UncheckedMutablePointer(result.uniqueAddress()))
    parallelFor(count / max(1, inner), grain: max(1, Parallelism.grain / max(1, inner))) { range in
      for run in range {
        let (from, to) = (source.pointer + run &* inner, target.pointer + run &* inner)
        let scale = scales[run % scales.count]
        for i in 0..<inner { to[i] = Float(Double(from[i]) * scale) }
      }
    }
    withExtendedLifetime((plain, result)) {}
    return result
  }
}
