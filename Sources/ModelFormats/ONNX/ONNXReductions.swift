import NeuralNetwork
import Tensors

/// Sums, norms and extrema over axes of each sample.
extension ONNXImporter {
  static let reductions: [String: Reduction.Operation] = [
    "ReduceSum": .sum, "ReduceProd": .product, "ReduceMax": .maximum, "ReduceMin": .minimum,
    "ReduceL1": .absoluteSum, "ReduceL2": .euclideanNorm, "ReduceSumSquare": .sumOfSquares,
    "ReduceLogSum": .logarithmOfSum, "ReduceLogSumExp": .logarithmOfExponentials,
  ]

  mutating func reduction(_ node: ONNXNode, _ operation: Reduction.Operation) throws {
    let source = try activation(node)
    let input = shape(of: source)
    let given = try node.integers("axes") ?? integers(node, 1) ?? []
    if given.isEmpty, node.integer("noop_with_empty_axes") == 1 {
      // Over no axes each element is by itself.
      switch operation {
      case .absoluteSum, .euclideanNorm: try add(node, ElementFunction(.absolute), from: [source])
      case .sumOfSquares: try add(node, ElementFunction(.power(2)), from: [source])
      case .logarithmOfSum: try add(node, ElementFunction(.logarithm), from: [source])
      default: try set(node.proto.output.first, .node(source))
      }
      return
    }
    guard let axes = try reducedAxes(node, input), axes[0] > 0 else {
      throw Problem(
        "it goes over the axes \(given.isEmpty ? "of the whole array" : "\(given.prefix(8))") of \(input), which mixes the"
          + " samples of a batch", advice: "leave the batch, axis 0, out of it")
    }
    let keepsAxes = (node.integer("keepdims") ?? 1) != 0
    if operation == .maximum, keepsAxes, axes == Array(2..<input.rank), (3...5).contains(input.rank) {
      try add(node, AdaptiveMaxPool(output: axes.map { _ in 1 }), from: [source])
      return
    }
    try add(node, Reduction(operation, axes: axes, keepsAxes: keepsAxes), from: [source])
  }

  /// Whether a mean is part of a norm written out: of squares, or one that is subtracted from what it is the mean of.
  func isPartOfNorm(_ node: ONNXNode) -> Bool {
    guard let input = node.inputs.first, let output = node.proto.output.first else { return false }
    if let index = index(ofNodeMaking: input), let maker = anyNode(index) {
      if maker.operation == "Pow" { return true }
      if maker.operation == "Mul", maker.inputs.count == 2, maker.inputs[0] == maker.inputs[1] { return true }
    }
    return readers(ofValue: output).contains { index in
      guard let reader = anyNode(index), reader.operation == "Sub" else { return false }
      return Set(reader.inputs) == [input, output]
    }
  }
}
