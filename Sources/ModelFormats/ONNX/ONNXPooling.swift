import Compute
import NeuralNetwork
import Tensors

extension ONNXImporter {
  private func geometry(_ node: ONNXNode, _ input: Shape) throws -> PoolingGeometry {
    let rank = try spatialRank(input)
    guard node.has("kernel_shape") else { throw Problem.unsound("it has no kernel_shape") }
    let kernel = try extents(node, "kernel_shape", rank: rank, usual: 1)
    let strides = try extents(node, "strides", rank: rank, usual: 1)
    let dilations = try extents(node, "dilations", rank: rank, usual: 1)
    let pads = try padding(node, input: input, kernel: kernel, strides: strides, dilations: dilations)
    return PoolingGeometry(
      kernel: kernel, strides: strides, paddingBegin: pads.begin, paddingEnd: pads.end, dilations: dilations,
      ceilMode: node.integer("ceil_mode") == 1)
  }

  mutating func maxPool(_ node: ONNXNode) throws {
    let source = try activation(node)
    try add(node, MaxPool(geometry(node, shape(of: source))), from: [source])
  }

  mutating func averagePool(_ node: ONNXNode) throws {
    let source = try activation(node)
    try add(
      node,
      AveragePool(geometry(node, shape(of: source)), countsPadding: node.integer("count_include_pad") == 1),
      from: [source])
  }

  mutating func lpPool(_ node: ONNXNode) throws {
    let source = try activation(node)
    try add(
      node, LPPool(geometry(node, shape(of: source)), p: Float(node.integer("p") ?? 2)), from: [source])
  }

  mutating func globalPool(_ node: ONNXNode) throws {
    let source = try activation(node)
    let output = [Int?](repeating: 1, count: try spatialRank(shape(of: source)))
    let layer: any Layer =
      node.operation == "GlobalMaxPool" ? AdaptiveMaxPool(output: output) : AdaptiveAveragePool(output: output)
    try add(node, layer, from: [source])
  }

  /// A mean over axes of each sample: over all spatial ones, as exporters write adaptive pooling to 1, or over others.
  mutating func reduceMean(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    guard let axes = try reducedAxes(node, input), axes.first ?? 0 > 0 else {
      throw Problem(
        "it takes the mean over axes \(try (node.integers("axes") ?? integers(node, 1) ?? []).prefix(8)) of an input of"
          + " shape \(input), which mixes the samples of a batch", advice: "leave the batch, axis 0, out of the mean")
    }
    if try fuseLayerNorm(node) { return }
    let keepsAxes = (node.integer("keepdims") ?? 1) != 0
    if isPartOfNorm(node) {
      try add(node, Reduction(.mean, axes: axes, keepsAxes: keepsAxes), from: [source])
      return
    }
    let kept = (1..<input.rank).filter { !axes.contains($0) }
    var last = source
    let pool: AdaptiveAveragePool
    if axes == Array(2..<input.rank) {
      pool = AdaptiveAveragePool(output: axes.map { _ in 1 })
    } else {
      // What is kept becomes channels, what is averaged one spatial axis.
      pool = AdaptiveAveragePool(output: [1])
      let order = [0] + kept + axes
      if order != Array(0..<input.rank) {
        last = try insert(node, Transpose(order: order), from: [last], as: Part("transpose", of: pool))
      }
      let rows = kept.map { input[$0] }.reduce(1, *)
      if input.rank != 3 || kept.count != 1 {
        last = try insert(
          node, Reshape(sample: [rows, input.count / input[0] / rows]), from: [last], as: Part("rows", of: pool))
      }
    }
    last = try insert(node, pool, from: [last])
    let extents = input.dimensions.indices.compactMap { axes.contains($0) ? (keepsAxes ? 1 : nil) : input[$0] }
    guard extents.count > 1 else {
      throw Problem(
        "it leaves one number of each sample of shape \(input)", advice: "keep an axis beside the batch (keepdims=True)"
      )
    }
    try reshape(node, last, to: Shape(extents), after: pool)
  }

  /// The axes of a reduction in ascending order; `nil` if there are none or they do not exist.
  func reducedAxes(_ node: ONNXNode, _ input: Shape) throws -> [Int]? {
    let axes = try node.integers("axes") ?? integers(node, 1) ?? []
    let resolved = Set(axes.map { $0 < 0 ? $0 + input.rank : $0 })
    guard !axes.isEmpty, resolved.count == axes.count, resolved.allSatisfy({ (0..<input.rank).contains($0) }) else {
      return nil
    }
    return resolved.sorted()
  }
}
