import NeuralNetwork
import Tensors

/// Guided backpropagation's ReLU: `R_in = (Jᵀ R) · [R > 0]` (Springenberg et al. 2015).
public struct ReLUGuidedBackprop: Rule, CataloguedRule {
  public init() {}

  public func propagate(_ relevance: Tensor, at place: RulePlace) throws -> [Tensor] {
    try place.gradient(relevance).map { relevance.map(with: $0, PassedBetween(0)) }
  }

  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? {
    shapeObjection(inputs: inputs, output: output)
  }

  public static let description = RuleDescription(
    name: "ReLUGuidedBackprop", formula: "gradient · [R > 0]",
    summary: "guided backpropagation: positive gradients at active units", parameters: [])
  public init(_ values: RuleArguments) throws { self.init() }
}
