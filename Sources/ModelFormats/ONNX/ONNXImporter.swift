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
  /// Those of them that the file has merged with the axis after it: `(8, 7, N, 4)` flattened to `(56, 4 N)`.
  var mergedBatches: Set<String> = []
  var tensors: ONNXTensorReader
  /// For each value the nodes of the graph that read it.
  private var readers: [String: [Int]] = [:]
  /// The graph's nodes, then those of branches that were put in their place.
  private(set) var nodes: [ONNXNode] = []
  /// For each value the node of the graph that computes it.
  private(set) var makers: [String: Int] = [:]
  /// Nodes that stand in the place of another.
  private var expansions: [Int: [Int]] = [:]
  /// Bytes that computed constants take until their last reader is computed, too.
  private var kept: [String: Int] = [:]
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
    if let sparse = graph.sparseInitializer.first {
      throw ModelFormatError.unsupported(
        file: path,
        problem:
          "its tensor '\(printable(sparse.values.name))' is sparse, and lrp reads tensors with all their numbers",
        advice: "store it dense before the export: tensor.to_dense()")
    }
    for tensor in graph.initializer { values[tensor.name] = .constant(try tensors.constant(tensor)) }
    values[inputName] = .node(0)
    shapes = [inputShape]
    builder = NetworkBuilder(name: builder.name, inputRank: inputShape.rank)
    for name in graph.output.map(\.name) { readers[name, default: []].append(-1) }
    for proto in graph.node { try register(ONNXNode(proto)) }
    let order = try ONNXOrder(nodes: nodes, makers: makers).indices { index in
      Problem.unsound("it is part of a circle of nodes, each of which needs what another one computes")
        .error(path, nodes[index])
    }
    // First whatever does not depend on the input, wherever exporters put it.
    for index in order { try foldEarly(index) }
    for index in order { try process(index) }
    guard let name = graph.output.first?.name, case .node(let output) = values[name], output > 0, batchAxes[name] == nil
    else {
      throw ModelFormatError.unsupported(
        file: path, problem: "its output '\(printable(graph.output.first?.name ?? ""))' does not depend on its input",
        advice: "there is nothing to explain: export a classifier")
    }
    do {
      return try builder.build(output: output)
    } catch {
      throw ModelFormatError.unsupported(
        file: path, problem: "lrp cannot make a network of it: \(error)", advice: "please report it, with the file")
    }
  }

  // MARK: Nodes

  /// Adds a node to the graph. Every value is computed once, as the format demands.
  @discardableResult
  mutating func register(_ node: ONNXNode) throws -> Int {
    let index = nodes.count
    for name in node.outputs {
      guard values[name] == nil, makers[name] == nil else {
        throw error(node, .unsound("it computes '\(printable(name))', which is there already"))
      }
      makers[name] = index
    }
    for name in Set(node.inputs + node.capturedNames) { readers[name, default: []].append(index) }
    nodes.append(node)
    var path = ONNXNames.path(of: node.proto, functional: false)[...]
    // A hostile name may have any number of dots.
    for _ in 0..<32 {
      guard let dot = path.lastIndex(of: ".") else { break }
      path = path[..<dot]
      containers.insert(String(path))
    }
    return index
  }

  private mutating func foldEarly(_ index: Int) throws {
    let node = nodes[index]
    if try fold(node) {
      done.insert(index)
      release(node)
    } else if let parts = try expand(index) {
      for part in parts { try foldEarly(part) }
    }
  }

  /// Makes layers of a node, or computes it.
  private mutating func process(_ index: Int) throws {
    if let parts = expansions.removeValue(forKey: index) {
      for part in parts { try process(part) }
    }
    guard done.insert(index).inserted else { return }
    let node = nodes[index]
    if try fold(node) { return release(node) }
    do {
      if try expand(index) != nil { return try process(index) }
      holdInputs(of: node)
      try convert(node)
    } catch let problem as Problem {
      throw error(node, problem)
    } catch let problem as LayerError {
      throw error(node, Problem(problem.description, advice: Problem.unsure(node.operation)))
    } catch let problem as ComputeError {
      throw error(node, Problem("\(problem)", advice: Problem.unsure(node.operation)))
    }
  }

  /// Puts the nodes of a branch into the place of the `If` that takes it, if that is known.
  private mutating func expand(_ index: Int) throws -> [Int]? {
    do {
      guard let parts = try branch(nodes[index], index) else { return nil }
      let own = nodes[index]
      for name in Set(own.inputs + own.capturedNames) { readers[name]?.removeAll { $0 == index } }
      for name in own.outputs where makers[name] == index { makers[name] = nil }
      done.insert(index)
      let indices = try parts.map { try register($0) }
      expansions[index] = indices
      return indices
    } catch let problem as Problem {
      throw error(nodes[index], problem)
    }
  }

  // MARK: Memory of constants

  /// Remembers what a computed constant takes.
  mutating func keep(_ name: String, byteCount: Int) { kept[name] = byteCount }

  /// A constant shares its numbers with others, which are never given back then.
  mutating func keep(_ name: String, sharedWith inputs: [String]) { for input in inputs { kept[input] = nil } }

  /// A layer may keep a node's constants.
  private mutating func holdInputs(of node: ONNXNode) { for name in node.inputs { kept[name] = nil } }

  /// Forgets constants that a computed node was the last to read.
  private mutating func release(_ node: ONNXNode) {
    for name in Set(node.inputs) {
      guard let byteCount = kept[name], (readers[name] ?? []).allSatisfy(done.contains) else { continue }
      kept[name] = nil
      values[name] = nil
      tensors.budget.refund(byteCount)
    }
  }

  // MARK: Errors

  func error(_ node: ONNXNode, _ problem: Problem) -> ModelFormatError { problem.error(path, node) }

  // MARK: Values

  /// The value an input of a node stands for; `nil` if it was left out.
  func value(_ node: ONNXNode, _ index: Int) throws -> Value? {
    guard index < node.inputs.count, !node.inputs[index].isEmpty else { return nil }
    let name = node.inputs[index]
    if let value = values[name] { return value }
    throw Problem.unsound("it reads '\(printable(name))', which no node computes")
  }

  /// The node of the network that an input comes from.
  func activation(_ node: ONNXNode, _ index: Int = 0) throws -> Int {
    guard case .node(let source) = try value(node, index) else {
      throw Problem(
        index < node.inputs.count && !node.inputs[index].isEmpty
          ? "its input \(index) is a constant, and lrp does not compute \(printable(node.operation)) of constants"
          : "its input \(index) is missing",
        advice: "let a program such as onnxsim compute the model's constants beforehand")
    }
    if let batch = batchAxes[node.inputs[index]] {
      throw Problem(
        "the batch is axis \(batch) of what it reads, which lrp supports around recurrent layers and selections only",
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
        "its input \(index) is computed from the picture, and lrp takes a constant there",
        advice: "lrp cannot explain a \(printable(node.operation)) whose parameters depend on the picture")
    }
  }

  /// A constant of small integers: axes, pads, shapes.
  func integers(_ node: ONNXNode, _ index: Int) throws -> [Int]? {
    guard let constant = try constant(node, index) else { return nil }
    guard constant.shape.count <= 1 << 12, let integers = constant.integers else {
      throw Problem.unsound("its input \(index), of shape \(constant.shape), is not a short list of integers")
    }
    // Numbers such as 2^63 − 1 stand for the end of an axis; so large that sums with them stay integers.
    return integers.map { min(max($0, -(1 << 40)), 1 << 40) }
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
        throw Problem("its constant of shape \(constant.shape) and others like it take more memory than lrp gives them")
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
    guard let tensor = try parameter(node, index) else { throw Problem.unsound("its input \(index) is missing") }
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
  mutating func take(_ index: Int) {
    done.insert(index)
    holdInputs(of: nodes[index])
  }

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
      throw Problem("its output would have the shape \(shape), and lrp takes 1 to 2^28 numbers")
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
