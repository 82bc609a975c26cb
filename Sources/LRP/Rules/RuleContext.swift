import NeuralNetwork
import Tensors

/// Where a rule is applied: the layer with its activations, and the caches that outlive one call.
public struct RuleContext: Sendable {
  /// Index of the node in its network.
  public let index: Int
  public let node: Node
  /// Activations at the layer's inputs.
  public let inputs: [Tensor]
  /// For each input whether it is known to have no negative element; empty if nothing is known.
  let nonnegativeInputs: [Bool]
  /// Activation at its output.
  public let output: Tensor
  /// Modified layers and denominators, shared by all calls for one network and input.
  public let cache: PropagationCache
  /// Where to record what biases and stabilizers absorb; `nil` if nobody asks.
  public let account: LayerAccount?
  /// Where to record what falls to the layer's parameters; `nil` if nobody asks.
  public let parameterAccount: ParameterAccount?

  public var layer: any Layer { node.layer }

  public init(
    index: Int, node: Node, inputs: [Tensor], nonnegativeInputs: [Bool] = [], output: Tensor, cache: PropagationCache,
    account: LayerAccount? = nil, parameterAccount: ParameterAccount? = nil
  ) {
    self.index = index
    self.node = node
    self.inputs = inputs
    self.nonnegativeInputs = nonnegativeInputs
    self.output = output
    self.cache = cache
    self.account = account
    self.parameterAccount = parameterAccount
  }

  /// The signs in an input, from what is known of the network or else from the data.
  func signs(ofInput slot: Int) -> Signs {
    if nonnegativeInputs.indices.contains(slot), nonnegativeInputs[slot] { return .nonnegative }
    return cache.signs(node.inputs[slot], of: inputs[slot])
  }

  /// The plain gradient: `Jᵀ R`.
  public func gradient(_ relevance: Tensor) throws -> [Tensor] {
    try layer.vjp(relevance, inputs: inputs, output: output)
  }
}
