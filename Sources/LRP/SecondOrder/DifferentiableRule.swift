import Foundation
import NeuralNetwork
import Tensors

/// What a change of a rule's result comes from: the adjoints of the relevance that arrived and of the layer's inputs.
public struct RulePullback: Sendable {
  /// `∂⟨t, R_in⟩ / ∂R`, of the output's shape.
  public var relevance: Tensor
  /// `∂⟨t, R_in⟩ / ∂x` for each input, `nil` where the result does not depend on it.
  public var inputs: [Tensor?]

  public init(relevance: Tensor, inputs: [Tensor?]) {
    self.relevance = relevance
    self.inputs = inputs
  }
}

/// A rule whose result can be differentiated. Rules that are a ``ShareRule`` are; a rule of one's own may conform.
public protocol DifferentiableRule: Rule {
  /// - Parameters:
  ///   - cotangents: `t`, one for each of the layer's inputs.
  ///   - relevance: `R`, what arrived at the layer's output.
  func pullback(_ cotangents: [Tensor], relevance: Tensor, in context: RuleContext) throws -> RulePullback
}

extension RuleContext {
  /// The pullback of the plain gradient `Jᵀ R`.
  func gradientPullback(_ cotangents: [Tensor], relevance: Tensor) throws -> RulePullback {
    RulePullback(
      relevance: try layer.jvp(cotangents, inputs: inputs),
      inputs: inputs.count == 1
        ? [try layer.curvature(cotangents, seed: relevance, inputs: inputs)] : inputs.map { _ in nil })
  }

  /// The pullback of a rule, or of the plain gradient.
  /// - Throws: ``LRPError/rule(layer:rule:problem:)`` if rule or layer cannot be differentiated.
  func pullback(_ cotangents: [Tensor], relevance: Tensor, through rule: (any Rule)?) throws -> RulePullback {
    do {
      switch rule {
      case nil: return try gradientPullback(cotangents, relevance: relevance)
      case let rule as any DifferentiableRule:
        return try rule.pullback(cotangents, relevance: relevance, in: self)
      case let rule as any ShareRule: return try rule.sharePullback(cotangents, relevance: relevance, in: self)
      case let rule?:
        throw LayerError("\(rule.name) cannot be differentiated; conform it to DifferentiableRule")
      }
    } catch let error as LRPError {
      throw error
    } catch {
      throw LRPError.rule(layer: node.name, rule: rule?.name ?? "gradient", problem: "\(error)")
    }
  }
}

extension Pass: DifferentiableRule {
  public func pullback(_ cotangents: [Tensor], relevance: Tensor, in context: RuleContext) -> RulePullback {
    RulePullback(relevance: cotangents[0], inputs: [nil])
  }
}

extension ReLUDeconvNet: DifferentiableRule {
  public func pullback(_ cotangents: [Tensor], relevance: Tensor, in context: RuleContext) -> RulePullback {
    RulePullback(relevance: cotangents[0].map(with: relevance) { t, r in r > 0 ? t : 0 }, inputs: [nil])
  }
}

extension ReLUGuidedBackprop: DifferentiableRule {
  public func pullback(_ cotangents: [Tensor], relevance: Tensor, in context: RuleContext) throws -> RulePullback {
    let open = cotangents.map { $0.map(with: relevance) { t, r in r > 0 ? t : 0 } }
    return try context.gradientPullback(open, relevance: relevance)
  }
}

extension ReLUBetaSmooth: DifferentiableRule {
  /// `σ(βx)·R` has the derivatives `σ(βx)` and `β σ(βx)(1 − σ(βx))·R`.
  public func pullback(_ cotangents: [Tensor], relevance: Tensor, in context: RuleContext) -> RulePullback {
    let beta = Float(betaSmooth)
    let slope = context.inputs[0].map { x in 1 / (1 + exp(-beta * x)) }
    let bend = slope.map(with: relevance) { y, r in beta * y * (1 - y) * r }
    return RulePullback(relevance: cotangents[0] * slope, inputs: [cotangents[0] * bend])
  }
}
