import NeuralNetwork
import Tensors

/// `x · ∂f/∂x`: the plain gradient, or what a composite makes of it, times the input.
public struct InputTimesGradient: Attributor {
  public let gradient: Gradient

  public init(_ gradient: Gradient) { self.gradient = gradient }

  public func attribute(
    _ input: Tensor, _ outputRelevance: OutputRelevance, observer: AttributionObserver
  ) throws -> Attribution {
    let result = try gradient.attribute(input, outputRelevance, observer: observer)
    return Attribution(
      output: result.output, relevance: result.relevance * input.converted(to: .channelsLast),
      nodeRelevance: result.nodeRelevance, ledger: result.ledger)
  }
}
