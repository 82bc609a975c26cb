import CompositeFiles
import LRP
import NeuralNetwork
import Tensors

/// Every node of a network with its rule, and why it has that rule.
struct LayerReport {
  struct Row: Encodable {
    let index: Int
    let name: String
    /// The module; several nodes may share one.
    let path: String
    let kind: String
    let summary: String
    let inputs: [String]
    let inputShapes: [[Int]]
    let outputShape: [Int]
    let parameters: Int
    /// `nil` for the plain gradient.
    let rule: String?
    let ruleParameters: [String: String]
    let reason: String
  }

  let rows: [Row]

  /// - Parameter shape: of the input, `(N, C, …)`.
  /// - Throws: if the network cannot take that input or a rule does not fit its layer.
  init(_ assignment: Assignment, input shape: Shape) throws {
    let network = assignment.network
    let shapes = try network.shapes(forInput: shape)
    try assignment.check(shapes: shapes)
    rows = network.nodes.indices.map { index in
      let node = network.nodes[index]
      let match = assignment.matches[index]
      let parameters = node.layer as? any ParameterizedLayer
      return Row(
        index: index, name: node.name, path: node.path, kind: node.layer.kind.rawValue, summary: node.layer.summary,
        inputs: node.inputs.map { network.nodes[$0].name },
        inputShapes: node.inputs.map { shapes[$0].dimensions }, outputShape: shapes[index].dimensions,
        parameters: (parameters?.weight.count ?? 0) + (parameters?.bias?.count ?? 0), rule: match?.rule.name,
        ruleParameters: Dictionary(
          (match?.rule.parameters ?? []).map { ($0.name, "\($0.value)") }, uniquingKeysWith: { first, _ in first }),
        reason: match?.reason ?? Self.reasonForNone(node.layer))
    }
  }

  private static func reasonForNone(_ layer: any Layer) -> String {
    if layer.kind == .input { return "none: the input" }
    return "none: plain gradient" + (layer.traits.isFunctional ? " (an operation without a module)" : "")
  }

  func table(_ assignment: Assignment) -> String {
    var table = TextTable(
      ["#", "name", "layer", "output", "parameters", "rule", "why"], trailing: [0, 4])
    for row in rows {
      let rule = assignment.matches[row.index]?.rule.summary ?? (row.index == 0 ? "" : "gradient")
      table.add([
        "\(row.index)", row.name, row.summary, Shape(row.outputShape).description,
        row.parameters == 0 ? "" : "\(row.parameters)", rule, row.reason,
      ])
    }
    return table.text
  }
}
