import Compute
import NeuralNetwork
import Tensors

/// Layers that exporters write out in several operators, because the operator set lacks them.
extension ONNXImporter {
  private func isOneHalf(_ number: Float?) -> Bool { number.map { abs($0 - 0.5) < 1e-6 } ?? false }

  /// `x · (1 + erf(x / √2)) / 2`, as torch's exporters write GELU: makes one layer of the division by √2 and the four
  /// operators after it.
  /// - Returns: whether the node begins one.
  mutating func fuseGELU(_ node: ONNXNode) throws -> Bool {
    let root = Float(2).squareRoot()
    let factor = node.operation == "Div" ? root : 1 / root
    guard let (input, scale) = try scaling(node), abs(scale - factor) < 1e-4,
      node.operation == "Mul" || node.inputs.first == input,
      let erf = onlyReader(of: node), erf.node.operation == "Erf",
      let plus = onlyReader(of: erf.node), plus.node.operation == "Add", try scaling(plus.node)?.number == 1
    else {
      return false
    }
    guard let first = onlyReader(of: plus.node), first.node.operation == "Mul",
      let second = onlyReader(of: first.node), second.node.operation == "Mul"
    else {
      return false
    }
    // One of them is times x, the other one half, in either order.
    let isHalfFirst = isOneHalf(try scaling(first.node)?.number)
    let (half, product) = isHalfFirst ? (first.node, second.node) : (second.node, first.node)
    guard isOneHalf(try scaling(half)?.number), product.inputs.count == 2, product.inputs.contains(input),
      case .node(let source) = values[input]
    else {
      return false
    }
    for index in [erf.index, plus.index, first.index, second.index] { take(index) }
    let index = try add(node, ActivationLayer(.gelu()), from: [source])
    try set(second.node.proto.output.first, .node(index))
    return true
  }

  /// `(x − mean) / √(mean of squares + ε) · γ + β`, as torch's exporter writes layer norm before operator set 17: makes one
  /// layer of the mean and the operators after it. γ and β may be missing.
  /// - Returns: whether the node begins one.
  mutating func fuseLayerNorm(_ node: ONNXNode) throws -> Bool {
    let source = try activation(node)
    let input = shape(of: source)
    guard let axes = try meanAxes(node, input), case let length = input.rank - axes.count, length > 0,
      axes == Array(length..<input.rank),
      (node.integer("keepdims") ?? 1) == 1,
      let difference = onlyReader(of: node), difference.node.operation == "Sub",
      difference.node.inputs == [node.inputs[0], node.proto.output[0]],
      case let two = readers(of: difference.node), two.count == 2,
      let square = two.first(where: { ["Pow", "Mul"].contains($0.node.operation) }), try isSquare(square.node),
      let quotient = two.first(where: { $0.node.operation == "Div" })
    else {
      return false
    }
    guard let variance = onlyReader(of: square.node), variance.node.operation == "ReduceMean",
      try meanAxes(variance.node, input) == axes, (variance.node.integer("keepdims") ?? 1) == 1,
      let plus = onlyReader(of: variance.node), plus.node.operation == "Add",
      let epsilon = try scaling(plus.node)?.number, epsilon >= 0,
      let root = onlyReader(of: plus.node), root.node.operation == "Sqrt",
      let divisor = onlyReader(of: root.node), divisor.index == quotient.index,
      quotient.node.inputs == [difference.node.proto.output[0], root.node.proto.output[0]]
    else {
      return false
    }
    let normalized = Shape(Array(input.dimensions[length...]))
    var taken = [difference.index, square.index, variance.index, plus.index, root.index, quotient.index]
    var last = quotient.node
    var weight: ONNXConstant?
    if let gain = onlyReader(of: last), gain.node.operation == "Mul", let found = constant(of: gain.node, normalized) {
      weight = found
      taken.append(gain.index)
      last = gain.node
    }
    var bias: ONNXConstant?
    if let shift = onlyReader(of: last), shift.node.operation == "Add", let found = constant(of: shift.node, normalized)
    {
      bias = found
      taken.append(shift.index)
      last = shift.node
    }
    let layer = try LayerNorm(
      weight: weight.map { try numbers(of: $0) } ?? .uniform(normalized, 1, layout: .rowMajor),
      bias: bias.map { try numbers(of: $0) }, epsilon: epsilon)
    for index in taken { take(index) }
    let index = try add(node, layer, from: [source])
    try set(last.proto.output.first, .node(index))
    return true
  }

  /// Whether a node computes the square of its first input.
  private func isSquare(_ node: ONNXNode) throws -> Bool {
    guard node.inputs.count == 2 else { return false }
    return node.operation == "Mul"
      ? node.inputs[0] == node.inputs[1] : try scaling(node).map { $0 == (node.inputs[0], 2) } ?? false
  }

  /// The constant of that shape among a node's two inputs.
  private func constant(of node: ONNXNode, _ shape: Shape) -> ONNXConstant? {
    guard node.inputs.count == 2 else { return nil }
    for name in node.inputs {
      if case .constant(let constant) = values[name], constant.shape == shape { return constant }
    }
    return nil
  }

  /// All elements in their order, picked from a flat copy, as torch's newer exporter writes a mean that is pooling.
  /// - Returns: whether the reshape `node` begins that.
  mutating func fusePicking(_ node: ONNXNode, _ source: Int) throws -> Bool {
    let input = shape(of: source)
    guard let pick = onlyReader(of: node), pick.node.operation == "Gather", (pick.node.integer("axis") ?? 0) == 0,
      let indices = try constant(pick.node, 1), indices.shape.count == input.count
    else {
      return false
    }
    try spend(16 * input.count)
    guard indices.integers == Array(0..<input.count) else { return false }
    take(pick.index)
    try reshape(pick.node, source, to: indices.shape)
    return true
  }

  /// The input and the number of an operation on an activation and a constant number.
  private func scaling(_ node: ONNXNode) throws -> (input: String, number: Float)? {
    guard node.inputs.count == 2 else { return nil }
    for (index, other) in [(0, 1), (1, 0)] {
      guard case .constant(let constant) = values[node.inputs[other]], let number = constant.number else { continue }
      return (node.inputs[index], number)
    }
    return nil
  }
}
