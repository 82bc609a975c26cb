import Compute
import NeuralNetwork
import Tensors

/// Activations that exporters write out in several operators, because the operator set lacks them.
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
