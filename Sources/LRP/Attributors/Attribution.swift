import NeuralNetwork
import Tensors

/// The result of explaining a batch.
public struct Attribution: Sendable {
  /// The network's output, `(N, classes)`.
  public let output: Tensor
  /// Relevance of the input, of the input's shape.
  public let relevance: Tensor
  /// Relevance at each node's output, if it was asked for; `nil` where none arrives.
  public let nodeRelevance: [Tensor?]
  /// Where the relevance went, if it was asked for.
  public let ledger: Ledger?
  /// The shares of the parameters of linear layers with a ``ShareRule``, in forward order, if they were asked for.
  public let parameterRelevance: [ParameterRelevance]

  public init(
    output: Tensor, relevance: Tensor, nodeRelevance: [Tensor?] = [], ledger: Ledger? = nil,
    parameterRelevance: [ParameterRelevance] = []
  ) {
    self.output = output
    self.relevance = relevance
    self.nodeRelevance = nodeRelevance
    self.ledger = ledger
    self.parameterRelevance = parameterRelevance
  }
}

/// Explains the outputs of a network. Conforming types differ in how they perturb or propagate.
public protocol Attributor: Sendable {
  /// - Parameters:
  ///   - input: `(N, C, …)`.
  ///   - outputRelevance: what is explained.
  ///   - observer: called before each step; may throw to cancel.
  /// - Throws: ``NetworkError``, ``LRPError``, or whatever `observer` throws.
  func attribute(
    _ input: Tensor, _ outputRelevance: OutputRelevance, observer: AttributionObserver
  ) throws -> Attribution
}

extension Attributor {
  /// Explains without an observer; stops if the task is cancelled.
  public func attribute(_ input: Tensor, _ outputRelevance: OutputRelevance) throws -> Attribution {
    try attribute(input, outputRelevance) { _ in try Task.checkCancellation() }
  }
}
