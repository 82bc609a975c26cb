import NeuralNetwork
import Tensors

/// One backward pass: the plain gradient, or layer-wise relevance propagation if there is a composite.
public struct Gradient: Attributor {
  public let assignment: Assignment
  /// What to keep besides the input's relevance.
  public var keepsNodeRelevance = false
  public var keepsLedger = false
  /// Whether to share the relevance of linear layers out to their parameters, too.
  public var keepsParameterRelevance = false
  /// Layers modified by rules, kept from call to call; what depends on the input is each call's own.
  private let cache: PropagationCache
  let isUsedOnce: Bool
  /// See ``pieceSize(for:_:)``.
  package var pieceBytes = Self.pieceBytes

  /// - Parameter isUsedOnce: for a single call, layers modified by rules need not be kept, which takes less memory.
  public init(
    _ assignment: Assignment, keepsNodeRelevance: Bool = false, keepsLedger: Bool = false,
    keepsParameterRelevance: Bool = false, isUsedOnce: Bool = false
  ) {
    cache = PropagationCache(keepsDenominators: false, keepsLayers: !isUsedOnce)
    self.isUsedOnce = isUsedOnce
    self.assignment = assignment
    self.keepsNodeRelevance = keepsNodeRelevance
    self.keepsLedger = keepsLedger
    self.keepsParameterRelevance = keepsParameterRelevance
  }

  /// - Parameter composite: `nil` for the plain gradient.
  /// - Throws: if the composite does not fit the network.
  public init(
    _ network: Network, composite: (any Composite)? = nil, keepsNodeRelevance: Bool = false,
    keepsLedger: Bool = false, keepsParameterRelevance: Bool = false
  ) throws {
    self.init(
      try composite?.apply(to: network) ?? Assignment(gradientOf: network), keepsNodeRelevance: keepsNodeRelevance,
      keepsLedger: keepsLedger, keepsParameterRelevance: keepsParameterRelevance)
  }

  public func attribute(
    _ input: Tensor, _ outputRelevance: OutputRelevance, observer: AttributionObserver
  ) throws -> Attribution {
    let size = pieceSize(for: input.shape, outputRelevance)
    guard size < input.shape.batch else { return try attributeWhole(input, outputRelevance, observer: observer) }
    return try attribute(input, inPiecesOf: size, outputRelevance, observer: observer)
  }

  package func attributeWhole(
    _ input: Tensor, _ outputRelevance: OutputRelevance, observer: AttributionObserver
  ) throws -> Attribution {
    var flow = RelevanceFlow(
      keepsRelevance: keepsNodeRelevance, keepsLedger: keepsLedger, keepsParameters: keepsParameterRelevance,
      isUsedOnce: isUsedOnce, cache: cache.forAnotherInput())
    let nodes = Double(assignment.network.nodes.count)
    let activations = try assignment.network.forward(input) { node in
      try observer(AttributionStep(.forward, node: node, share: Double(node) / nodes / 2))
    }
    return try flow.run(assignment, activations, outputRelevance) { node in
      try observer(AttributionStep(.backward, node: node, share: 1 - Double(node) / nodes / 2))
    }
  }
}
