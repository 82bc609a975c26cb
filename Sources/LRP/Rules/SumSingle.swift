import NeuralNetwork
import Tensors

/// Hands all relevance to one summand of a sum, and none to the others: `R_k = R`, `R_j = 0` for `j ≠ k`.
///
/// The rule behind zennit's example program's `--no-residual`: the sums of residual networks have the shortcut as summand
/// 0 and what was computed as summand 1, so that by default nothing goes through shortcuts.
public struct SumSingle: Rule, CataloguedRule {
  /// Which summand, counted from 0.
  public var summand: Int

  public init(summand: Int = 1) { self.summand = summand }

  public func propagate(_ relevance: Tensor, at place: RulePlace) throws -> [Tensor] {
    guard place.inputs.indices.contains(summand) else {
      throw LayerError("summand \(summand) found, the sum has \(place.inputs.count)")
    }
    return place.inputs.indices.map { $0 == summand ? relevance : relevance.map { _ in 0 } }
  }

  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? {
    guard layer.kind == .sum, inputs.count > 1 else {
      return "\(layer.kind.rawValue) found; SumSingle needs a Sum of several inputs"
    }
    return inputs.indices.contains(summand)
      ? nil : "summand \(summand) found, the sum has \(inputs.count), counted from 0"
  }

  public static let description = RuleDescription(
    name: "SumSingle", formula: "R to one summand, 0 to the others", summary: "sums; keeps relevance out of shortcuts",
    parameters: [.count("summand", 1, atLeast: 0)])
  public init(_ values: RuleArguments) throws { self.init(summand: values.count("summand")) }
  public var parameters: [RuleParameter] { [.init("summand", .number(Double(summand)))] }
}

extension SumSingle: DifferentiableRule {
  public func pullback(_ cotangents: [Tensor], relevance: Tensor, at place: RulePlace) throws -> RulePullback {
    guard cotangents.indices.contains(summand) else {
      throw LayerError("summand \(summand) found, the sum has \(cotangents.count)")
    }
    return RulePullback(relevance: cotangents[summand], inputs: place.inputs.map { _ in nil })
  }
}
