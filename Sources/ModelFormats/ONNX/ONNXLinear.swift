import Compute
import NeuralNetwork
import Tensors

/// Convolutions and matrix products.
extension ONNXImporter {
  mutating func convolution(_ node: ONNXNode, isTransposed: Bool) throws {
    let source = try activation(node)
    let input = shape(of: source)
    let rank = try spatialRank(input)
    let weight = try requiredParameter(node, 1)
    guard weight.shape.rank == rank + 2 else {
      throw Problem.unsound("its weight of shape \(weight.shape) does not fit an input of shape \(input)")
    }
    let strides = try extents(node, "strides", rank: rank, usual: 1)
    let dilations = try extents(node, "dilations", rank: rank, usual: 1)
    let kernel = weight.shape.spatial
    if let stated = node.integers("kernel_shape"), stated != kernel {
      throw Problem.unsound("its kernel_shape \(stated.prefix(8)) is not that of its weight of shape \(weight.shape)")
    }
    let mode = node.text("auto_pad") ?? "NOTSET"
    guard !isTransposed || (["NOTSET", "VALID"].contains(mode) && !node.has("output_shape")) else {
      throw Problem(
        "it says its padding by output_shape or auto_pad, which lrp does not read for transposed convolutions",
        advice: "export it with explicit pads")
    }
    let pads = try padding(node, input: input, kernel: kernel, strides: strides, dilations: dilations)
    let geometry = ConvolutionGeometry(
      strides: strides, dilations: dilations, paddingBegin: pads.begin, paddingEnd: pads.end,
      groups: node.integer("group") ?? 1, isTransposed: isTransposed,
      outputPadding: isTransposed ? try extents(node, "output_padding", rank: rank, usual: 0) : nil)
    try add(
      node, Convolution(geometry: geometry, weight: weight, bias: parameter(node, 2)?.flat), from: [source])
  }

  /// `alpha A B + beta C` with the picture in A.
  mutating func gemm(_ node: ONNXNode) throws {
    let source = try activation(node)
    guard shape(of: source).rank == 2, (node.integer("transA") ?? 0) == 0 else {
      throw Problem(
        "its input is transposed, or of shape \(shape(of: source)) and no matrix",
        advice: "write it with torch.nn.Linear or as a plain matrix product")
    }
    var weight = try requiredParameter(node, 1)
    guard weight.shape.rank == 2 else {
      throw Problem.unsound("its weight has the shape \(weight.shape) and is no matrix")
    }
    if (node.integer("transB") ?? 0) == 0 { weight = try transposed(weight) }
    weight = try scaled(weight, by: node.float("alpha") ?? 1)
    var bias = try parameter(node, 2).map { try $0.perChannel(weight.shape[0], axes: 2, axis: 1) }
    bias = try bias.map { try scaled($0, by: node.float("beta") ?? 1) }
    try add(node, FullyConnected(weight: weight, bias: bias), from: [source])
  }

  /// `x W` along the last axis; an addition of a constant right after it is the bias.
  mutating func matrixProduct(_ node: ONNXNode) throws {
    switch (try value(node, 0), try value(node, 1)) {
    case (.node, .node): throw Self.productOfSignals
    case (.constant(let matrix), .node): return try leftMatrixProduct(node, matrix)
    default: break
    }
    let source = try activation(node)
    let matrix = try requiredParameter(node, 1)
    guard matrix.shape.rank == 2 else {
      throw Problem(
        "it multiplies by a constant of shape \(matrix.shape), and lrp takes a matrix there",
        advice: "write it as a torch.nn.Linear, or one for each matrix")
    }
    let weight = try transposed(matrix)
    guard let next = onlyReader(of: node), next.node.operation == "Add", let output = node.proto.output.first,
      let other = next.node.inputs.firstIndex(where: { $0 != output }),
      case .constant(let constant)? = try? value(next.node, other),
      let bias = try? numbers(of: constant).perChannel(weight.shape[0], axes: 1, axis: 0)
    else {
      try add(node, FullyConnected(weight: weight), from: [source])
      return
    }
    take(next.index)
    let index = try add(node, FullyConnected(weight: weight, bias: bias), from: [source])
    try set(next.node.proto.output.first, .node(index))
  }
}

extension Tensor {
  /// The same elements along one axis.
  var flat: Tensor { viewed(as: [count], layout: .rowMajor) }

  /// One number for each of `count` channels, from a tensor that broadcasts to `axes` axes with the channels along
  /// `axis`.
  func perChannel(_ count: Int, axes: Int, axis: Int) throws -> Tensor {
    if self.count == 1 {
      return .uniform([count], unstoredElement ?? withUnsafeBufferPointer { $0.first ?? 0 }, layout: .rowMajor)
    }
    let extents = shape.dimensions
    let missing = axes - extents.count
    guard missing >= 0, self.count == count, axis >= missing, extents[axis - missing] == count else {
      throw ONNXImporter.Problem(
        "its constant of shape \(shape) is not one number for each of \(count) channels")
    }
    return flat
  }
}
