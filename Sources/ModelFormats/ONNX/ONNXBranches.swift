import ONNXProto

/// Branches of `If` whose condition is known: their nodes take its place.
extension ONNXImporter {
  /// The nodes of the branch that `node` takes, with names that are the whole graph's; `nil` if it is no `If` or its
  /// condition is not known (yet).
  mutating func branch(_ node: ONNXNode, _ index: Int) throws -> [ONNXNode]? {
    guard node.operation == "If", ["", "ai.onnx"].contains(node.proto.domain), let name = node.inputs.first,
      case .constant(let constant) = values[name], let condition = constant.number
    else {
      return nil
    }
    let attribute = condition != 0 ? "then_branch" : "else_branch"
    guard let graph = node.graph(attribute) else { throw Problem.unsound("it has no \(attribute)") }
    guard graph.sparseInitializer.isEmpty else {
      throw Problem("its branch has sparse constants, which lrp does not read")
    }
    try spend(1024 * (graph.node.count + graph.initializer.count))
    var names: [String: String] = [:]
    let computed = Set(graph.node.flatMap(\.output))
    // What the branch gives out bears the node's own names.
    var identities: [(from: String, to: String)] = []
    for (inner, outer) in zip(graph.output.map(\.name), node.proto.output) where !outer.isEmpty {
      if computed.contains(inner), names[inner] == nil {
        names[inner] = outer
      } else {
        identities.append((inner, outer))
      }
    }
    func isTaken(_ name: String) -> Bool { values[name] != nil || makers[name] != nil }
    for inner in computed where names[inner] == nil && isTaken(inner) { names[inner] = "\(inner) of branch \(index)" }
    for var tensor in graph.initializer {
      let inner = tensor.name
      if isTaken(inner) { names[inner] = "\(inner) of branch \(index)" }
      tensor.name = names[inner] ?? inner
      try set(tensor.name, .constant(try tensors.constant(tensor)))
    }
    var nodes = graph.node.map { ONNXNode($0.renamed(names)) }
    for (inner, outer) in identities {
      nodes.append(
        ONNXNode(
          .with {
            $0.opType = "Identity"
            $0.name = node.name
            $0.input = [names[inner] ?? inner]
            $0.output = [outer]
          }))
    }
    return nodes
  }
}

extension ONNXNode {
  /// Names of the graph around it that graphs inside of the node read.
  var capturedNames: [String] { proto.attribute.flatMap { $0.innerGraphs.flatMap(\.freeNames) } }
}

extension Onnx_AttributeProto {
  fileprivate var innerGraphs: [Onnx_GraphProto] { (hasG ? [g] : []) + graphs }
}

extension Onnx_GraphProto {
  private var ownNames: Set<String> {
    Set(node.flatMap(\.output) + initializer.map(\.name) + input.map(\.name))
  }

  /// Names that it reads and does not have itself.
  fileprivate var freeNames: [String] {
    let own = ownNames
    let read = node.flatMap { node in node.input + node.attribute.flatMap { $0.innerGraphs.flatMap(\.freeNames) } }
    return (read + output.map(\.name)).filter { !$0.isEmpty && !own.contains($0) }
  }

  fileprivate func renamed(_ names: [String: String]) -> Onnx_GraphProto {
    let own = ownNames
    let outer = names.filter { !own.contains($0.key) }
    var graph = self
    graph.node = node.map { $0.renamed(outer) }
    for index in graph.output.indices {
      if let name = outer[graph.output[index].name] { graph.output[index].name = name }
    }
    return graph
  }
}

extension Onnx_NodeProto {
  fileprivate func renamed(_ names: [String: String]) -> Onnx_NodeProto {
    guard !names.isEmpty else { return self }
    var node = self
    node.input = input.map { names[$0] ?? $0 }
    node.output = output.map { names[$0] ?? $0 }
    for index in attribute.indices {
      if attribute[index].hasG { node.attribute[index].g = attribute[index].g.renamed(names) }
      if !attribute[index].graphs.isEmpty {
        node.attribute[index].graphs = attribute[index].graphs.map { $0.renamed(names) }
      }
    }
    return node
  }
}
