import Compute
import NeuralNetwork
import Tensors

/// Layers that exporters write out in several operators.
extension ONNXImporter {
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
}
