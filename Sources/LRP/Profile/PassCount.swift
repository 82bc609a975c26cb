import NeuralNetwork
import Tensors

/// How many passes through a layer a rule makes for given data, after those that are exactly zero are left out.
public struct PassCount: Sendable, Equatable {
  public var forward: Int
  public var backward: Int

  public init(forward: Int, backward: Int) {
    self.forward = forward
    self.backward = backward
  }

  /// - Parameters:
  ///   - rule: `nil` for the plain gradient.
  ///   - inputs: the layer's activations.
  ///   - output: its output.
  ///   - relevance: what arrives there.
  public init(of rule: (any Rule)?, layer: any Layer, inputs: [Tensor], output: Tensor, relevance: Tensor) {
    guard let rule else {
      self.init(forward: 0, backward: 1)
      return
    }
    guard let rule = rule as? any ShareRule else {
      // Rules of their own work on the elements; those of activations never pass through the layer.
      self.init(forward: 0, backward: LayerType.activation.contains(layer.kind) || rule.isIdentity ? 0 : 1)
      return
    }
    let plan = rule.plan(for: layer, signs: inputs.map { Signs(of: $0) })
    self.init(plan) { $0.isReached(by: relevance, output: output) }
  }

  /// - Parameter isReached: whether relevance meets a gate. That so many outputs cancel that passes are run after all is
  ///   not foreseen; see ``Denominators``.
  init(_ plan: Plan, isReached: (Gate) -> Bool) {
    self.init(forward: 0, backward: 0)
    var isBaseKnown = false
    for (index, step) in plan.steps.enumerated() where isReached(step.gate) {
      switch step.denominator {
      case .output: break
      case .passes: forward += step.fusion == .constants ? 1 : step.passes.count
      case .outputAndMagnitudes: forward += isBaseKnown ? 0 : 1
      case .outputAndFirst: forward += isBaseKnown ? 0 : plan.steps[0].passes.count
      }
      isBaseKnown =
        isBaseKnown || index == 0 || [.outputAndMagnitudes, .outputAndFirst].contains(step.denominator)
      backward += step.fusion == .constants ? 2 : step.passes.count { $0.contributes }
    }
  }
}
