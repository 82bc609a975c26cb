import ONNXProto

/// One of the outputs of an ONNX model.
public struct ONNXOutput: Sendable, Equatable {
  public let name: String
  /// `(N, …)` with `nil` where the file leaves an extent open; `nil` if it says nothing of the shape.
  public let extents: [Int?]?
  /// Whether its numbers are floating-point ones, as scores are.
  public let isFloating: Bool
  /// Whether another output with floating-point numbers is computed from it.
  public let isInner: Bool
  /// Whether a softmax or a sigmoid reads it, as is done with logits.
  public let feedsActivation: Bool

  /// `logits (?, 5)`, fit for a message.
  public var title: String {
    let shape = extents.map { "(" + $0.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + ")" }
    return [printable(name), shape].compactMap { $0 }.joined(separator: " ")
  }

  /// The outputs of a graph, each name once.
  static func list(of graph: Onnx_GraphProto) -> [ONNXOutput] {
    let order = Producers(graph)
    var seen = Set<String>()
    let infos = graph.output.filter { seen.insert($0.name).inserted }
    let floating = infos.filter { isFloating($0) }.map(\.name)
    // Many outputs are no classifier's; of those nobody asks what is computed from what.
    let reached: [String: Set<String>] =
      infos.count > mostCompared
      ? [:] : Dictionary(floating.map { ($0, order.values(before: $0)) }) { first, _ in first }
    let activated = Set(
      graph.node.filter { ["Softmax", "LogSoftmax", "Sigmoid"].contains($0.opType) }.flatMap(\.input))
    return infos.map { info in
      let type = info.type.tensorType
      return ONNXOutput(
        name: info.name,
        extents: type.hasShape && !type.shape.dim.isEmpty
          ? type.shape.dim.map { $0.dimValue > 0 ? Int($0.dimValue) : nil } : nil,
        isFloating: isFloating(info),
        isInner: reached.contains { $0.key != info.name && $0.value.contains(info.name) },
        feedsActivation: activated.contains(info.name))
    }
  }

  private static let mostCompared = 64

  /// Also where the file does not say.
  private static func isFloating(_ info: Onnx_ValueInfoProto) -> Bool {
    let type = info.type.tensorType.elemType
    return type == 0 || ElementType(onnx: type)?.isFloating == true
  }

  /// The graph with one output, and with the nodes that it needs.
  static func part(of graph: Onnx_GraphProto, for output: String) -> Onnx_GraphProto {
    let needed = Producers(graph).values(before: output).union([output])
    var part = graph
    part.node = graph.node.filter { $0.output.contains(where: needed.contains) }
    part.output = graph.output.filter { $0.name == output }
    return part
  }
}

/// Which node computes which value.
private struct Producers {
  private let graph: Onnx_GraphProto
  private let places: [String: Int]

  init(_ graph: Onnx_GraphProto) {
    self.graph = graph
    var places: [String: Int] = [:]
    for (index, node) in graph.node.enumerated() {
      for name in node.output where !name.isEmpty { places[name] = index }
    }
    self.places = places
  }

  /// All values that a value is computed from.
  func values(before name: String) -> Set<String> {
    var found = Set<String>()
    var waiting = [name]
    var done = Set<Int>()
    while let next = waiting.popLast() {
      guard let index = places[next], done.insert(index).inserted else { continue }
      for input in Self.inputs(of: graph.node[index]) where !input.isEmpty && found.insert(input).inserted {
        waiting.append(input)
      }
    }
    return found
  }

  /// What a node reads, also what graphs inside it do.
  private static func inputs(of node: Onnx_NodeProto) -> [String] {
    node.input
      + node.attribute.flatMap { attribute in
        (attribute.hasG ? [attribute.g] : []) + attribute.graphs
      }.flatMap { graph in graph.node.flatMap(inputs) + graph.output.map(\.name) }
  }
}
