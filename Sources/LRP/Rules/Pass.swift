import NeuralNetwork
import Tensors

/// Relevance passes unchanged: `R_in = R`. For activations and merged batch norms.
public struct Pass: Rule, CataloguedRule {
  public var isIdentity: Bool { true }
  public var isSampleWise: Bool { true }

  public func propagate(_ relevance: Tensor, in context: RuleContext) throws -> [Tensor] { [relevance] }

  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? {
    shapeObjection(inputs: inputs, output: output)
  }

  package static let entry = CatalogEntry<Pass>(
    "Pass", formula: "R", summary: "unchanged; activations and merged batch norms")

  public init() {}
}
