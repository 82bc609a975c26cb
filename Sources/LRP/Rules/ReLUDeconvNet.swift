import NeuralNetwork
import Tensors

/// DeconvNet's ReLU: `R_in = max(R, 0)` (Zeiler and Fergus 2014).
public struct ReLUDeconvNet: Rule, CataloguedRule {
  public init() {}

  public func propagate(_ relevance: Tensor, at place: RulePlace) throws -> [Tensor] { [relevance.positivePart] }

  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? {
    shapeObjection(inputs: inputs, output: output)
  }

  public static let description = RuleDescription(
    name: "ReLUDeconvNet", formula: "max(R, 0)", summary: "DeconvNet: only positive gradients pass", parameters: [])
  public init(_ values: RuleArguments) throws { self.init() }
}
