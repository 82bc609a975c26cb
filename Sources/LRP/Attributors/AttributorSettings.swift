import NeuralNetwork
import Tensors

/// Which attributor, with its parameters, as commands and menus offer them. Parameters of other kinds are kept but not
/// used.
public struct AttributorSettings: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case gradient, smoothgrad
    case integratedGradients = "integrated-gradients"
    case occlusion
    case inputTimesGradient = "input-times-gradient"

    /// As people call it: `SmoothGrad`.
    public var title: String {
      switch self {
      case .gradient: "Gradient/LRP"
      case .smoothgrad: "SmoothGrad"
      case .integratedGradients: "IntegratedGradients"
      case .occlusion: "Occlusion"
      case .inputTimesGradient: "input × gradient"
      }
    }

    public var summary: String {
      switch self {
      case .gradient: "one backward pass: relevance propagation with the rules, without any the plain gradient"
      case .smoothgrad: "the mean over noisy copies of the input"
      case .integratedGradients: "the mean on the way from a baseline to the input, times their difference"
      case .occlusion: "the output when a sliding window is all that is left of the input; uses no rules"
      case .inputTimesGradient: "one backward pass, times the input"
      }
    }

    public var formula: String {
      switch self {
      case .gradient: "R(x)"
      case .smoothgrad: "1/n Σ R(x + ε),  ε ~ N(0, (level · (max x − min x))²)"
      case .integratedGradients: "(x − x₀) · 1/n Σ R(x₀ + k/n (x − x₀))"
      case .occlusion: "Σ over windows m:  m · f(m x + (1 − m) fill)"
      case .inputTimesGradient: "x · R(x)"
      }
    }
  }

  public var kind: Kind
  /// SmoothGrad: deviation of the noise as a share of the input's range.
  public var noiseLevel = 0.1
  /// SmoothGrad, integrated gradients: passes.
  public var iterations = 20
  /// SmoothGrad: of the noise.
  public var seed: UInt64 = 0
  /// Integrated gradients: where the path begins, `(1, C, …)`, `(N, C, …)` or what can be expanded to it.
  public var baseline: Bound = 0
  /// Occlusion: how far the window reaches, and how far it moves.
  public var window: Occlusion.Extents = 8
  public var stride: Occlusion.Extents = 8
  /// Occlusion: what blanked values become.
  public var fill: Bound = 0
  /// Occlusion: blanks the window and keeps the rest.
  public var invert = false

  public init(_ kind: Kind = .gradient) { self.kind = kind }

  /// Makes the attributor.
  /// - Parameters:
  ///   - gradient: the backward pass it makes use of; occlusion only of its network.
  ///   - input: the shape `(N, C, …)` of all samples.
  ///   - samples: those that the attributor is for; results do not depend on how they are grouped.
  /// - Throws: ``LRPError/attributor(_:)`` if a bound does not fit the input.
  public func attributor(_ gradient: Gradient, input: Shape, samples: [Int]? = nil) throws -> any Attributor {
    if let problem = objection(toInput: input) { throw LRPError.attributor(problem) }
    let samples = samples ?? Array(0..<input.batch)
    switch kind {
    case .gradient: return gradient
    case .inputTimesGradient: return InputTimesGradient(gradient)
    case .smoothgrad:
      var part = SmoothGrad(gradient, noiseLevel: noiseLevel, iterations: iterations, seed: seed)
      // A sample's noise is that of the whole array.
      part.noise = { [seed] iteration, _ in
        let own = SmoothGrad.seed(ofIteration: iteration, seed: seed)
        return Tensor.stacked(samples.map { Tensor.standardNormal(input.withBatch(1), seed: own, sample: $0) })
      }
      return part
    case .integratedGradients:
      return IntegratedGradients(
        gradient, iterations: iterations,
        baseline: try tensor(of: baseline, called: "baseline", for: input, samples))
    case .occlusion:
      return Occlusion(
        gradient.assignment.network, window: window, stride: stride,
        fill: try tensor(of: fill, called: "fill", for: input, samples), invert: invert)
    }
  }

  /// Why these parameters cannot be used on an input of this shape, or `nil`.
  public func objection(toInput shape: Shape) -> String? {
    func problem(_ bound: Bound, _ name: String) -> String? {
      switch bound {
      case .scalar: return nil
      case .perChannel(let values):
        if values.count == 1 || values.count == shape.channels { return nil }
        return "\(name): \(values.count) numbers found, 1 or \(shape.channels) (one per channel) expected"
      case .tensor(let tensor):
        if tensor.shape.canExpand(to: shape) { return nil }
        return "\(name): a tensor of shape \(tensor.shape) found, \(shape.withBatch(1)) or \(shape) expected"
      }
    }
    func problem(_ extents: Occlusion.Extents, _ name: String) -> String? {
      guard case .last(let numbers) = extents, numbers.count > shape.rank else { return nil }
      return "\(name): \(numbers.count) numbers found, at most \(shape.rank) expected (the axes of \(shape))"
    }
    switch kind {
    case .gradient, .inputTimesGradient, .smoothgrad: return nil
    case .integratedGradients: return problem(baseline, "baseline")
    case .occlusion: return problem(window, "window") ?? problem(stride, "stride") ?? problem(fill, "fill")
    }
  }

  /// - Parameter samples: those that a tensor of all samples is cut to.
  private func tensor(of bound: Bound, called name: String, for input: Shape, _ samples: [Int]) throws -> Tensor {
    switch bound {
    case .tensor(let tensor):
      return tensor.shape.batch > 1 ? Tensor.stacked(samples.map { tensor.sample($0) }) : tensor
    case .scalar, .perChannel: return try bound.expanded(to: input.withBatch(1), layer: name)
    }
  }
}
