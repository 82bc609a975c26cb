import Compute
import NeuralNetwork
import Tensors

extension ONNXImporter {
  private func geometry(_ node: ONNXNode, _ input: Shape) throws -> PoolingGeometry {
    let rank = try spatialRank(input)
    guard node.has("kernel_shape") else { throw Problem("no kernel_shape found") }
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

  /// A mean over all spatial axes, which is how exporters write `x.mean([2, 3])` and adaptive pooling to 1.
  mutating func reduceMean(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    let rank = try spatialRank(input)
    let axes = try node.integers("axes") ?? integers(node, 1) ?? []
    guard Set(axes.map { $0 < 0 ? $0 + input.rank : $0 }) == Set(2..<input.rank) else {
      throw Problem(
        "a mean over axes \(axes.prefix(8)) of \(input) found, all spatial axes were expected",
        advice: "only means over all spatial axes are supported; use nn.AdaptiveAvgPool2d(1)")
    }
    let pooled = try add(node, AdaptiveAveragePool(output: [Int?](repeating: 1, count: rank)), from: [source])
    guard (node.integer("keepdims") ?? 1) == 0 else { return }
    try add(node, Flatten(), from: [pooled])
  }
}
