extension ONNXImporter {
  /// What is wrong with a node; the node itself is added where it is caught.
  struct Problem: Error {
    let found: String
    /// What can be done about it; `nil` says that lrp does not know this form of the operator.
    var advice: String?
    init(_ found: String, advice: String? = nil) {
      self.found = found
      self.advice = advice
    }

    /// What no program could compute.
    static func unsound(_ found: String) -> Problem {
      Problem(found, advice: "the graph is not sound; check it with onnx.checker and export the model anew")
    }

    /// A layer does not take its inputs: either the graph is wrong or there is more to the operator than lrp knows.
    static func unsure(_ operation: String) -> String {
      "if onnxruntime runs the model, lrp lacks this form of \(printable(operation)); else the graph is not sound"
    }

    func error(_ file: String, _ node: ONNXNode) -> ModelFormatError {
      .node(
        file: file, name: node.name, operation: node.operation, module: ONNXNames.module(of: node.proto),
        problem: found,
        advice: advice
          ?? "lrp does not support this form of \(printable(node.operation)), the network's code must do without")
    }
  }
}
