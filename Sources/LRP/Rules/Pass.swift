import NeuralNetwork
import Tensors

/// Hands relevance through unchanged: `R_in = R`. For activations and merged batch norms.
public struct Pass: Rule, CataloguedRule {
  public init() {}

  public func propagate(_ relevance: Tensor, at place: RulePlace) throws -> [Tensor] {
    [relevance]
  }

  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? {
    shapeObjection(inputs: inputs, output: output)
  }

  public static let description = RuleDescription(
    name: "Pass", formula: "R", summary: "unchanged; activations and merged batch norms", parameters: [])
  public init(_ values: RuleArguments) throws { self.init() }
}
