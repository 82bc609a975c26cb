import NeuralNetwork
import Tensors

/// DeconvNet's ReLU (Zeiler and Fergus 2014): `R_in = max(R, 0)`.
public struct ReLUDeconvNet: Rule, CataloguedRule {
  public var isSampleWise: Bool { true }

  public func propagate(_ relevance: Tensor, in context: RuleContext) throws -> [Tensor] { [relevance.positivePart] }

  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? {
    shapeObjection(inputs: inputs, output: output)
  }

  package static let entry = CatalogEntry<ReLUDeconvNet>(
    "ReLUDeconvNet", formula: "max(R, 0)", summary: "DeconvNet: only positive gradients pass", layers: .activation)

  public init() {}
}
