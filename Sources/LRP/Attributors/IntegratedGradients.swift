import NeuralNetwork
import Tensors

/// The mean attribution along the straight path from a baseline to the input, times `x − baseline`
/// (Sundararajan et al. 2017, eq. 3). Step α runs over `1/n, …, 1`, so the last output is the input's own.
public struct IntegratedGradients: Attributor {
  public let gradient: Gradient
  public var iterations: Int
  /// `(1, C, …)` or `(N, C, …)`; zeros if `nil`.
  public var baseline: Tensor?
  /// The baseline of an input, instead of ``baseline``; what it gives is expanded to the input.
  public var baselineFunction: (@Sendable (_ input: Tensor) throws -> Tensor)?

  public init(
    _ gradient: Gradient, iterations: Int = 20, baseline: Tensor? = nil,
    baselineFunction: (@Sendable (_ input: Tensor) throws -> Tensor)? = nil
  ) {
    self.gradient = gradient
    self.iterations = iterations
    self.baseline = baseline
    self.baselineFunction = baselineFunction
  }

  public func attribute(
    _ input: Tensor, _ outputRelevance: OutputRelevance, observer: AttributionObserver
  ) throws -> Attribution {
    try requireIterations(iterations)
    let input = input.converted(to: .channelsLast)
    let start = try (baselineFunction?(input) ?? baseline ?? Tensor.zeros([1]))
      .expanded(to: input.shape, called: "baseline")
    let difference = input - start
    let result = try gradient.mean(over: iterations, outputRelevance, observer: observer) { step in
      let alpha = Float(step + 1) / Float(iterations)
      return start.map(with: difference) { $0 + alpha * $1 }
    }
    return Attribution(
      output: result.output, relevance: result.relevance * difference, nodeRelevance: result.nodeRelevance,
      ledger: result.ledger)
  }
}
