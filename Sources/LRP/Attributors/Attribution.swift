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
}

/// Explains the outputs of a network. Conforming types differ in how they perturb or propagate.
public protocol Attributor: Sendable {
  /// - Parameters:
  ///   - input: `(N, C, …)`.
  ///   - outputRelevance: what is explained.
  /// - Throws: ``NetworkError``, ``LRPError``, or `CancellationError`.
  func attribute(_ input: Tensor, _ outputRelevance: OutputRelevance) throws -> Attribution
}
