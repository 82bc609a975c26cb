import NeuralNetwork
import Tensors

/// The gradient of an attribution with respect to the input: what `create_graph=True` is for in the reference.
///
/// An attribution `A(x)` is a function of the input like any other, and `∂⟨t, A(x)⟩/∂x` says how to change the input so
/// that the attribution changes along `t` (Dombrowski et al. 2019 move explanations with it). With a constant put in at
/// the output, the plain gradient of a network of ReLUs is constant almost everywhere: smooth it with
/// ``ReLUBetaSmooth``, or use smooth activations.
public struct AttributionGradient: Sendable {
  public let assignment: Assignment
  /// Modified layers are kept from call to call.
  private let layers = PropagationCache()

  public struct Result: Sendable {
    public let attribution: Attribution
    /// `∂⟨t, A(x)⟩/∂x`, of the input's shape.
    public let gradient: Tensor
  }

  public init(_ assignment: Assignment) { self.assignment = assignment }

  /// - Parameter composite: `nil` for the plain gradient.
  /// - Throws: if the composite does not fit the network.
  public init(_ network: Network, composite: (any Composite)? = nil) throws {
    self.init(try composite?.apply(to: network) ?? Assignment(gradientOf: network))
  }

  /// - Parameters:
  ///   - input: `(N, C, …)`.
  ///   - outputRelevance: what is explained; anything but a function, whose derivative is not known.
  ///   - progress: called before each node with the share done, 0…1; may throw to cancel.
  ///   - cotangent: `t` from the attribution, of the input's shape: the derivative of whatever is made of it.
  /// - Throws: ``NetworkError``, ``LRPError`` if a rule or layer on the way cannot be differentiated, or whatever
  ///   `progress` or `cotangent` throws.
  public func gradient(
    at input: Tensor, _ outputRelevance: OutputRelevance, progress: (Double) throws -> Void = { _ in },
    of cotangent: (Attribution) throws -> Tensor
  ) throws -> Result {
    let network = assignment.network
    let cache = layers.forAnotherInput()
    let nodes = Double(network.nodes.count)
    let activations = try network.forward(input) { try progress(Double($0) / nodes / 4) }
    var flow = RelevanceFlow(keepsRelevance: true, keepsLedger: false, cache: cache)
    let attribution = try flow.run(assignment, activations, outputRelevance) {
      try progress(0.5 - Double($0) / nodes / 4)
    }
    let start = try cotangent(attribution)
    guard start.shape == attribution.relevance.shape else {
      throw LRPError.attributor(
        "a cotangent of shape \(start.shape) found, \(attribution.relevance.shape) expected")
    }
    var adjoints = try relevanceAdjoints(
      attribution, activations, outputRelevance, start.converted(to: .channelsLast), cache
    ) { try progress(0.5 + $0 / 4) }
    for index in network.nodes.indices.reversed() where index > 0 {
      try progress(1 - Double(index) / Double(network.nodes.count) / 4)
      guard let adjoint = adjoints[index] else { continue }
      adjoints[index] = nil
      let node = network.nodes[index]
      let parts = try node.layer.vjp(
        adjoint, inputs: node.inputs.map { activations[$0] }, output: activations[index])
      for (source, part) in zip(node.inputs, parts) { adjoints.add(part, to: source) }
    }
    return Result(attribution: attribution, gradient: adjoints[0] ?? Tensor.zeros(activations[0].shape))
  }

  /// Goes through the backward pass in reverse, from the input up: the adjoint of the relevance at a node is known when
  /// its inputs' are. Collects what depends on activations.
  private func relevanceAdjoints(
    _ attribution: Attribution, _ activations: [Tensor], _ outputRelevance: OutputRelevance, _ start: Tensor,
    _ cache: PropagationCache, progress: (Double) throws -> Void
  ) throws -> [Tensor?] {
    let network = assignment.network
    var ofRelevance = [Tensor?](repeating: nil, count: network.nodes.count)
    var ofActivations = ofRelevance
    ofRelevance[0] = start
    for (index, node) in network.nodes.enumerated().dropFirst() {
      try progress(Double(index) / Double(network.nodes.count))
      guard let arrived = attribution.nodeRelevance[index] else { continue }
      let context = RuleContext(
        index: index, node: node, inputs: node.inputs.map { activations[$0] }, output: activations[index], cache: cache)
      let cotangents = node.inputs.map { ofRelevance[$0] ?? Tensor.zeros(activations[$0].shape) }
      let pullback = try context.pullback(cotangents, relevance: arrived, through: assignment.matches[index]?.rule)
      ofRelevance[index] = pullback.relevance
      for (source, part) in zip(node.inputs, pullback.inputs) {
        if let part { ofActivations.add(part, to: source) }
      }
    }
    if let adjoint = ofRelevance[network.output],
      let part = try outputRelevance.pullback(adjoint, at: activations[network.output])
    {
      ofActivations.add(part, to: network.output)
    }
    return ofActivations
  }
}

extension [Tensor?] {
  fileprivate mutating func add(_ part: Tensor, to index: Int) {
    guard var sum = self[index] else {
      self[index] = part
      return
    }
    self[index] = nil  // leaves `sum` as the only owner, so that it is updated in place
    sum += part
    self[index] = sum
  }
}

extension OutputRelevance {
  /// The adjoint of the output from that of the relevance put in there; `nil` if that is a constant.
  fileprivate func pullback(_ adjoint: Tensor, at output: Tensor) throws -> Tensor? {
    switch self {
    case .output: return adjoint
    case .logit(let target): return try OutputRelevance.one(target).relevance(for: output) * adjoint
    case .one, .tensor: return nil
    case .function:
      throw LRPError.target("the derivative of a function of the output is not known; give a tensor instead")
    }
  }
}
