import NeuralNetwork
import Tensors

/// How much of the relevance each parameter of a linear layer carries, summed over the batch.
///
/// A contribution `x̃ w̃ s` of a ``ShareRule`` belongs to the input and to the parameter alike. Summed over the inputs of
/// all positions and samples it is the parameter's share, `R_w = Σ ± w̃ · ∂⟨f(x̃; w̃), s⟩/∂w̃`, so that the shares of a
/// layer's weights add up to the relevance of its inputs, and those of its bias to what the ledger calls bias.
public struct ParameterRelevance: Sendable {
  /// The module path: its parameters are called `path.weight` and `path.bias`.
  public let path: String
  /// Of the weight's shape, row-major.
  public let weight: Tensor
  /// `(O)`; `nil` for a layer without one.
  public let bias: Tensor?
}

extension Attribution {
  /// ``parameterRelevance`` by the names that the parameters have in files.
  public var parameterTensors: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for entry in parameterRelevance {
      result[entry.path + ".weight"] = entry.weight
      result[entry.path + ".bias"] = entry.bias
    }
    return result
  }
}

extension [ParameterRelevance] {
  /// Adds the shares of another use of a module, or of a module not seen yet.
  mutating func add(_ other: ParameterRelevance) {
    guard let index = firstIndex(where: { $0.path == other.path }) else {
      append(other)
      return
    }
    let known = self[index]
    let bias = known.bias.flatMap { known in other.bias.map { known + $0 } }
    self[index] = ParameterRelevance(path: known.path, weight: known.weight + other.weight, bias: bias)
  }
}
