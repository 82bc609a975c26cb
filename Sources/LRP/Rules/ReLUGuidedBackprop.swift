import NeuralNetwork
import Tensors

/// Guided backpropagation's ReLU (Springenberg et al. 2015): `R_in = (Jᵀ R) · [R > 0]`.
public struct ReLUGuidedBackprop: Rule, CataloguedRule {
  public var isSampleWise: Bool { true }

  public func propagate(_ relevance: Tensor, in context: RuleContext) throws -> [Tensor] {
    try context.gradient(relevance).map { relevance.map(with: $0, PassedBetween(0)) }
  }

  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? {
    shapeObjection(inputs: inputs, output: output)
  }

  package static let entry = CatalogEntry<ReLUGuidedBackprop>(
    "ReLUGuidedBackprop", formula: "gradient · [R > 0]",
    summary: "guided backpropagation: positive gradients at active units", layers: .activation)

  public init() {}
}
