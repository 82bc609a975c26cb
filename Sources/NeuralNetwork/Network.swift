import Tensors

/// A feed-forward network: named nodes in an order in which each comes after its inputs. Immutable; canonizers and
/// rules make new networks.
public struct Network: Sendable {
  public let name: String
  /// Node 0 is the input.
  public let nodes: [Node]
  /// Index of the node whose output is the network's.
  public let output: Int
  /// Leaf module paths in the order in which a PyTorch module registers them, which is what "first layer" and
  /// "the batch norm right after" refer to.
  public let registrationOrder: [String]
  /// For each node the nodes that read it.
  public let consumers: [[Int]]
  /// For each node whether its layer alone says that no element of its output is negative.
  public let isNonnegative: [Bool]
  /// What the output means, where that is known from elsewhere than the graph; see ``outputMeaning``.
  public let declaredMeaning: OutputMeaning?

  /// - Throws: ``NetworkError/structure(_:)`` for duplicate names, forward references or a bad output.
  public init(
    name: String, nodes: [Node], output: Int? = nil, registrationOrder: [String]? = nil,
    meaning: OutputMeaning? = nil
  ) throws {
    guard let first = nodes.first, first.layer.kind == .input else {
      throw NetworkError.structure("the first node must be the input")
    }
    var names = Set<String>()
    var consumers = [[Int]](repeating: [], count: nodes.count)
    var isNonnegative = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      guard names.insert(node.name).inserted else {
        throw NetworkError.structure("two nodes are called '\(node.name)'")
      }
      for input in node.inputs {
        guard input >= 0, input < index else {
          throw NetworkError.structure("node '\(node.name)' reads node \(input), which does not come before it")
        }
        consumers[input].append(index)
      }
      isNonnegative[index] =
        switch node.layer.traits.signs {
        case .nonnegative: true
        case .keepsNonnegative: node.inputs.allSatisfy { isNonnegative[$0] }
        case .unknown: false
        }
    }
    let last = output ?? nodes.count - 1
    guard nodes.indices.contains(last) else { throw NetworkError.structure("there is no output node \(last)") }
    self.name = name
    self.nodes = nodes
    self.output = last
    declaredMeaning = meaning
    self.consumers = consumers
    self.isNonnegative = isNonnegative
    if let registrationOrder {
      self.registrationOrder = registrationOrder
    } else {
      var seen = Set<String>()
      self.registrationOrder = nodes.filter { !$0.layer.traits.isFunctional }.map(\.path)
        .filter { seen.insert($0).inserted }
    }
  }

  /// The index of the node called `name`.
  /// - Throws: ``NetworkError/unknownLayer(name:network:nearest:)`` naming the closest layer.
  public func index(ofNode name: String) throws -> Int {
    if let index = nodes.firstIndex(where: { $0.name == name }) { return index }
    throw unknownLayer(name)
  }

  /// `the weight of features.0`: a parameter with values that are not finite, or `nil` if there is none.
  public var damagedParameter: String? {
    for node in nodes {
      guard let layer = node.layer as? any ParameterizedLayer else { continue }
      if !layer.weight.isFinite { return "the weight of \(node.path)" }
      if let bias = layer.bias, !bias.isFinite { return "the bias of \(node.path)" }
    }
    return nil
  }

  /// Whether the files that parameters lie in are still what was opened: asked when a result is there, because what was
  /// computed with other numbers is none.
  /// - Throws: an error that names the file that was overwritten or truncated.
  public func checkUnchanged() throws {
    var asked = Set<ObjectIdentifier>()
    for owner in nodes.lazy.flatMap(\.layer.tensors).compactMap(\.memoryOwner)
    where asked.insert(ObjectIdentifier(owner)).inserted {
      try owner.checkUnchanged()
    }
  }

  /// The indices of all nodes of the module `path`.
  public func indices(ofPath path: String) -> [Int] { nodes.indices.filter { nodes[$0].path == path } }

  public func unknownLayer(_ name: String) -> NetworkError {
    .unknownLayer(name: name, network: self.name, nearest: Spelling.nearest(to: name, among: nodes.map(\.path)))
  }

  /// The same graph with some layers replaced, by node index.
  public func replacing(_ layers: [Int: any Layer]) throws -> Network {
    try Network(
      name: name,
      nodes: nodes.enumerated().map { index, node in
        Node(name: node.name, path: node.path, layer: layers[index] ?? node.layer, inputs: node.inputs)
      },
      output: output, registrationOrder: registrationOrder, meaning: declaredMeaning)
  }

  /// The same network, whose output is said to mean something.
  public func declaring(_ meaning: OutputMeaning?) throws -> Network {
    try Network(
      name: name, nodes: nodes, output: output, registrationOrder: registrationOrder, meaning: meaning)
  }

  /// Output shapes of all nodes for an input of shape `(N, C, …)`.
  /// - Throws: ``NetworkError/layer(name:problem:)`` at the first layer that cannot take its inputs.
  public func shapes(forInput input: Shape) throws -> [Shape] {
    var shapes = [input]
    shapes.reserveCapacity(nodes.count)
    for node in nodes.dropFirst() {
      do {
        shapes.append(try node.layer.outputShape(for: node.inputs.map { shapes[$0] }))
      } catch {
        throw NetworkError.layer(name: node.name, problem: "\(error)")
      }
    }
    return shapes
  }
}
