/// Collects nodes in forward order; the last one added is the default input of the next.
public struct NetworkBuilder {
  public let name: String
  public private(set) var nodes: [Node]
  private var uses: [String: Int] = [:]
  /// Leaf module paths in registration order, if it differs from forward order.
  public var registrationOrder: [String]?

  /// - Parameter inputRank: the number of the input's axes, the batch's included. Only needed where the graph does not
  ///   tell: if fully connected layers come first and what they read is not `(N, F)`.
  public init(name: String, inputRank: Int? = nil) {
    self.name = name
    nodes = [Node(name: "input", path: "input", layer: InputLayer(rank: inputRank), inputs: [])]
  }

  /// Index of the node added last.
  public var last: Int { nodes.count - 1 }

  /// Adds a node that reads `inputs` (the node added last if `nil`) and returns its index. A path used before makes
  /// another node of the same module, called `path#2`.
  @discardableResult
  public mutating func add(_ path: String, _ layer: any Layer, from inputs: [Int]? = nil) -> Int {
    uses[path, default: 0] += 1
    let use = uses[path] ?? 1
    let name = use == 1 ? path : "\(path)#\(use)"
    nodes.append(Node(name: name, path: path, layer: layer, inputs: inputs ?? [last]))
    return last
  }

  public func build(output: Int? = nil) throws -> Network {
    try Network(name: name, nodes: nodes, output: output, registrationOrder: registrationOrder)
  }
}
