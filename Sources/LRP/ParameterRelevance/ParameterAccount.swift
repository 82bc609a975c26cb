import NeuralNetwork
import Synchronization
import Tensors

/// Collects, while a rule runs, the shares of the relevance that fall to the layer's parameters.
public final class ParameterAccount: Sendable {
  private struct Shares: Sendable {
    var weight: Tensor
    var bias: Tensor?
  }
  private let shares: Mutex<Shares?>

  /// - Parameter layer: the layer as it is in the network; nothing is collected if it is not linear in its parameters.
  init(for layer: any Layer) {
    let linear = layer as? any LinearInParameters
    shares = Mutex(
      linear.map { linear in
        Shares(
          weight: .zeros(linear.weight.shape, layout: .rowMajor), bias: linear.bias.map { .zeros($0.shape) })
      })
  }

  /// Adds `factor · w̃ · ∂⟨f(x̃; w̃), s⟩/∂w̃` for the weight and the bias of a modified pass.
  func add(_ pass: ModifiedPass, seed: Tensor, times factor: Float) throws {
    guard let layer = pass.layer as? any LinearInParameters, let input = pass.inputs.first else { return }
    let gradient = pass.contributes ? try layer.weightGradient(seed, input: input) : nil
    let (weight, bias) = (layer.weight.converted(to: .rowMajor), layer.bias)
    let biasGradient = bias.map { _ in layer.biasGradient(seed) }
    shares.withLock { shares in
      guard var sum = shares else { return }
      shares = nil  // leaves `sum` as the only owner, so that it is updated in place
      if let gradient { sum.weight.update(with: weight, and: gradient, ProductAdded(factor: factor)) }
      if let bias, let biasGradient { sum.bias?.update(with: bias, and: biasGradient, ProductAdded(factor: factor)) }
      shares = sum
    }
  }

  func relevance(of path: String) -> ParameterRelevance? {
    shares.withLock { shares in
      shares.map { ParameterRelevance(path: path, weight: $0.weight, bias: $0.bias) }
    }
  }
}
