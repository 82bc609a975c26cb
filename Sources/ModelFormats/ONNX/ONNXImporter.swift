import Compute
import NeuralNetwork
import ONNXProto
import Tensors

/// Builds a network from a graph: constants are computed, operators become layers.
struct ONNXImporter {
  enum Value {
    /// The output of a node of the network.
    case node(Int)
    case constant(ONNXConstant)
  }

  let path: String
  let operatorSet: Int
  var builder: NetworkBuilder
  /// Shapes of the network's nodes for a batch of 1.
  private(set) var shapes: [Shape] = []
  private(set) var values: [String: Value] = [:]
  /// For values whose batch is not the first axis in the file, which axis it is.
  var batchAxes: [String: Int] = [:]
  var tensors: ONNXTensorReader
  /// For each value the nodes of the graph that read it.
  private var readers: [String: [Int]] = [:]
  private var nodes: [ONNXNode] = []
  /// For each value the node of the graph that computes it.
  private var makers: [String: Int] = [:]
  /// Nodes that were taken into another's layer.
  private var done = Set<Int>()
  /// Paths of modules that contain others: an operation there is a function that their code calls.
  private var containers = Set<String>()
  /// What the modules are, by path.
  private var kinds: [String: LayerKind] = [:]
  /// Numbers of parameters that are all the same. They take no memory until the network is run, but then the file's size
  /// does not bound it.
  private var uniform = 0

  /// VGG-19 has 144 million parameters.
  private static let mostUniform = 160 << 20
  private static let largestActivation = 1 << 28

  init(path: String, operatorSet: Int, name: String, budget: ONNXBudget) {
    self.path = path
    self.operatorSet = operatorSet
    builder = NetworkBuilder(name: name)
    tensors = ONNXTensorReader(path: path, budget: budget)
  }

  mutating func network(of graph: Onnx_GraphProto, inputName: String, inputShape: Shape) throws -> Network {
    for tensor in graph.initializer { values[tensor.name] = .constant(try tensors.constant(tensor)) }
    values[inputName] = .node(0)
    shapes = [inputShape]
    builder = NetworkBuilder(name: builder.name, inputRank: inputShape.rank)
    nodes = graph.node.map { ONNXNode($0) }
    try checkOutputs()
    for node in nodes {
      var path = ONNXNames.path(of: node.proto, functional: false)[...]
      // A hostile name may have any number of dots.
      for _ in 0..<32 {
        guard let dot = path.lastIndex(of: ".") else { break }
        path = path[..<dot]
        containers.insert(String(path))
      }
    }
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { readers[input, default: []].append(index) }
      for output in node.proto.output where !output.isEmpty { makers[output] = index }
    }
    let outputs = Set(graph.output.map(\.name))
    for name in outputs { readers[name, default: []].append(-1) }
    // First whatever does not depend on the input, wherever exporters put it.
    for (index, node) in nodes.enumerated() where try fold(node) { done.insert(index) }
    for (index, node) in nodes.enumerated() where !done.contains(index) {
      done.insert(index)
      do {
        if try fold(node) { continue }
        try convert(node)
      } catch let problem as Problem {
        throw error(node, problem.found, problem.advice)
      } catch let problem as LayerError {
        throw error(node, problem.description)
      } catch let problem as ComputeError {
        throw error(node, "\(problem)")
      }
    }
    guard let name = graph.output.first?.name, case .node(let output) = values[name], output > 0, batchAxes[name] == nil
    else {
      throw ModelFormatError.malformed(
        file: path, found: "an output '\(printable(graph.output.first?.name ?? ""))' that does not depend on the input",
        expected: "scores computed from the picture", advice: "export the model anew")
    }
    do {
      return try builder.build(output: output)
    } catch {
      throw ModelFormatError.malformed(
        file: path, found: "\(error)", expected: "a plain graph", advice: "export the model anew")
    }
  }

  /// Every value is computed once, as the format demands.
  private func checkOutputs() throws {
    var names = Set(values.keys)
    for node in nodes {
      for name in node.proto.output where !name.isEmpty {
        guard names.insert(name).inserted else {
          throw error(node, "it computes '\(printable(name))', which is there already")
        }
      }
    }
  }

  // MARK: Errors

  /// What is wrong with a node; the node itself is added where it is caught.
  struct Problem: Error {
    let found: String
    var advice = "export the model anew with opset_version=17, or write the network's code without it"
    init(_ found: String, advice: String? = nil) {
      self.found = found
      if let advice { self.advice = advice }
    }
  }

  private func error(_ node: ONNXNode, _ found: String, _ advice: String? = nil) -> ModelFormatError {
    .node(
      file: path, name: node.name, operation: node.operation, problem: found,
      advice: advice ?? "the graph is not sound for this input; check the model with onnx.checker")
  }

  // MARK: Values

  /// The value an input of a node stands for; `nil` if it was left out.
  func value(_ node: ONNXNode, _ index: Int) throws -> Value? {
    guard index < node.inputs.count, !node.inputs[index].isEmpty else { return nil }
    guard let value = values[node.inputs[index]] else {
      throw Problem("it reads '\(printable(node.inputs[index]))', which nothing before it computes")
    }
    return value
  }

  /// The node of the network that an input comes from.
  func activation(_ node: ONNXNode, _ index: Int = 0) throws -> Int {
    guard case .node(let source) = try value(node, index) else {
      throw Problem("input \(index) is a constant or missing, one that depends on the picture was expected")
    }
    if let batch = batchAxes[node.inputs[index]] {
      throw Problem(
        "the batch is axis \(batch) of what it reads, which is supported around recurrent layers only",
        advice: "keep the batch as the first axis (batch_first=True)")
    }
    return source
  }

  func activation(named name: String) throws -> Int {
    guard case .node(let source) = values[name], batchAxes[name] == nil else {
      throw Problem("'\(printable(name))' does not depend on the input")
    }
    return source
  }

  func constant(_ node: ONNXNode, _ index: Int) throws -> ONNXConstant? {
    switch try value(node, index) {
    case nil: return nil
    case .constant(let constant): return constant
    case .node:
      throw Problem(
        "input \(index) is computed from the picture, a constant was expected",
        advice: "such dynamic operators are not supported; export a network whose parameters are fixed")
    }
  }

  /// A constant of small integers: axes, pads, shapes.
  func integers(_ node: ONNXNode, _ index: Int) throws -> [Int]? {
    guard let constant = try constant(node, index) else { return nil }
    guard constant.shape.count <= 1 << 12, let integers = constant.integers,
      integers.allSatisfy({ abs($0 / 2) < 1 << 40 })
    else {
      throw Problem("input \(index) of shape \(constant.shape) found, a few small integers were expected")
    }
    return integers
  }

  /// Small integers of a node that lies ahead, computed now if they can be.
  mutating func foldedIntegers(_ node: ONNXNode, _ index: Int) throws -> [Int]? {
    guard index < node.inputs.count else { return nil }
    try foldAhead(node.inputs[index], depth: 24)
    guard case .constant(let constant) = values[node.inputs[index]], constant.shape.count <= 32 else { return nil }
    return constant.integers
  }

  private mutating func foldAhead(_ name: String, depth: Int) throws {
    guard depth > 0, values[name] == nil, let index = makers[name], !done.contains(index) else { return }
    for input in nodes[index].inputs { try foldAhead(input, depth: depth - 1) }
    if try fold(nodes[index]) { done.insert(index) }
  }

  /// A parameter as numbers.
  mutating func parameter(_ node: ONNXNode, _ index: Int) throws -> Tensor? {
    guard let constant = try constant(node, index) else { return nil }
    return try numbers(of: constant)
  }

  mutating func numbers(of constant: ONNXConstant) throws -> Tensor {
    switch constant.elements {
    case .floats: break
    case .integers, .raw: try spend(4 * constant.shape.count)
    case .uniform:
      guard constant.shape.count <= Self.mostUniform - uniform else {
        throw Problem("constants of \(constant.shape) equal numbers and others found, fewer were expected")
      }
      uniform += constant.shape.count
    }
    return constant.tensor()
  }

  /// Takes bytes from what opening the model may take.
  mutating func spend(_ bytes: Int) throws { try tensors.spend(bytes) }

  /// The transposed matrix, or the array with all axes in the opposite order.
  mutating func transposed(_ tensor: Tensor) throws -> Tensor {
    if tensor.unstoredElement == nil { try spend(4 * tensor.count) }
    return tensor.reversingAxes()
  }

  mutating func scaled(_ tensor: Tensor, by factor: Float) throws -> Tensor {
    if factor == 1 { return tensor }
    if let value = tensor.unstoredElement { return .uniform(tensor.shape, value * factor, layout: .rowMajor) }
    try spend(4 * tensor.count)
    return tensor.map { $0 * factor }
  }

  mutating func requiredParameter(_ node: ONNXNode, _ index: Int) throws -> Tensor {
    guard let tensor = try parameter(node, index) else { throw Problem("input \(index) is missing") }
    return tensor
  }

  func shape(of node: Int) -> Shape { shapes[node] }

  mutating func set(_ name: String?, _ value: Value) throws {
    guard let name, !name.isEmpty else { return }
    values[name] = value
  }

  /// The only node that reads the first output of `node`, if it is not done yet and nothing else reads that.
  func onlyReader(of node: ONNXNode) -> (index: Int, node: ONNXNode)? {
    let readers = readers(of: node)
    return readers.count == 1 ? readers[0] : nil
  }

  /// The nodes that read the first output of `node`; empty if one of them is done or it is an output of the graph.
  func readers(of node: ONNXNode) -> [(index: Int, node: ONNXNode)] {
    guard let output = node.proto.output.first, let indices = readers[output],
      indices.allSatisfy({ nodes.indices.contains($0) && !done.contains($0) })
    else {
      return []
    }
    return Set(indices).sorted().map { ($0, nodes[$0]) }
  }

  /// The nodes that read a value; −1 stands for an output of the graph.
  func readers(ofValue name: String) -> [Int] { readers[name] ?? [] }

  /// The node that computes a value.
  func index(ofNodeMaking name: String) -> Int? { makers[name] }

  func anyNode(_ index: Int) -> ONNXNode? { nodes.indices.contains(index) ? nodes[index] : nil }

  /// A node that is not done yet.
  func openNode(_ index: Int) -> ONNXNode? { done.contains(index) ? nil : anyNode(index) }

  /// Marks a node as part of the layer made for another.
  mutating func take(_ index: Int) { done.insert(index) }

  // MARK: Layers

  /// Adds a layer for `node` and makes its first output stand for it.
  @discardableResult
  mutating func add(_ node: ONNXNode, _ layer: any Layer, from inputs: [Int], as part: Part? = nil) throws -> Int {
    let index = try insert(node, layer, from: inputs, as: part)
    try set(node.proto.output.first, .node(index))
    return index
  }

  /// A layer that is not a node's own, but needed beside it: it has a path of its own, so that rules and canonizers take
  /// each for what it is.
  struct Part {
    let name: String
    /// The node's own layer.
    let main: any Layer
    init(_ name: String, of main: any Layer) {
      self.name = name
      self.main = main
    }
  }

  /// Adds a layer for `node`, which may be followed by others.
  mutating func insert(_ node: ONNXNode, _ layer: any Layer, from inputs: [Int], as part: Part? = nil) throws -> Int {
    let shape = try layer.outputShape(for: inputs.map { shapes[$0] })
    try spend(2048)
    guard (1...32).contains(shape.rank), shape.count <= Self.largestActivation, shape.dimensions.allSatisfy({ $0 > 0 })
    else {
      throw Problem("an output of shape \(shape) found, 1 to 2^28 numbers were expected")
    }
    shapes.append(shape)
    let path = modulePath(node, part?.main ?? layer)
    return builder.add(part.map { "\(path).\($0.name)" } ?? path, layer, from: inputs)
  }

  /// The path of the module that a layer stands for.
  private mutating func modulePath(_ node: ONNXNode, _ layer: any Layer) -> String {
    var path = ONNXNames.path(of: node.proto, functional: layer.traits.isFunctional)
    if containers.contains(path), !(layer is any ParameterizedLayer) {
      path = ONNXNames.path(of: node.proto, functional: true)
    }
    // The old exporter calls the second use of `relu` `relu_1`.
    let stem = ONNXNames.stem(path)
    if stem != path, !(layer is any ParameterizedLayer), kinds[stem] == layer.kind { return stem }
    // One word may stand for operations of several kinds.
    if let known = kinds[path], known != layer.kind { path += "." + layer.kind.rawValue.lowercased() }
    kinds[path] = layer.kind
    return path == "input" ? "input.1" : path
  }
}
