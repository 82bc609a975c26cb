import NeuralNetwork
import Tensors

/// All relevance goes to one summand of a sum, and none to the others: `R_k = R`, `R_j = 0` for `j ≠ k`.
///
/// The rule behind zennit's example program's `--no-residual`: the sums of residual networks have the shortcut as summand
/// 0 and what was computed as summand 1, so that by default nothing goes through shortcuts.
public struct SumSingle: Rule, CataloguedRule {
  /// Which summand, counted from 0.
  public internal(set) var summand = 1

  public var isSampleWise: Bool { true }

  public func propagate(_ relevance: Tensor, in context: RuleContext) throws -> [Tensor] {
    guard context.inputs.indices.contains(summand) else {
      throw LayerError("summand \(summand) found, the sum has \(context.inputs.count)")
    }
    return context.inputs.indices.map { $0 == summand ? relevance : relevance.map { _ in 0 } }
  }

  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? {
    guard layer.kind == .sum, inputs.count > 1 else {
      return "\(layer.kind.rawValue) found; SumSingle needs a Sum of several inputs"
    }
    return inputs.indices.contains(summand)
      ? nil : "summand \(summand) found, the sum has \(inputs.count), counted from 0"
  }

  package static let entry = CatalogEntry<SumSingle>(
    "SumSingle", formula: "R to one summand, 0 to the others", summary: "sums; keeps relevance out of shortcuts",
    isInZennit: false, parameters: [.count("summand", \.summand, atLeast: 0)])

  public init() {}
  /// - Throws: ``LRPError/parameter(rule:name:problem:)`` if the number is negative.
  public init(summand: Int) throws {
    self.summand = summand
    self = try checked()
  }
}

extension SumSingle: DifferentiableRule {
  public func pullback(_ cotangents: [Tensor], relevance: Tensor, in context: RuleContext) throws -> RulePullback {
    guard cotangents.indices.contains(summand) else {
      throw LayerError("summand \(summand) found, the sum has \(cotangents.count)")
    }
    return RulePullback(relevance: cotangents[summand], inputs: context.inputs.map { _ in nil })
  }
}
