import Foundation
import NeuralNetwork
import Tensors

/// The gradient of a softplus in place of the ReLU's: `R_in = sigmoid(βx) · R` (Dombrowski et al. 2019).
public struct ReLUBetaSmooth: Rule, CataloguedRule {
  public var betaSmooth: Double

  public init(betaSmooth: Double = 10) { self.betaSmooth = betaSmooth }

  public func propagate(_ relevance: Tensor, at place: RulePlace) throws -> [Tensor] {
    let beta = Float(betaSmooth)
    return place.inputs.map { $0.map(with: relevance) { x, r in r / (1 + exp(-beta * x)) } }
  }

  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? {
    shapeObjection(inputs: inputs, output: output)
  }

  public static let description = RuleDescription(
    name: "ReLUBetaSmooth", formula: "sigmoid(β · x) · R", summary: "softplus gradients in place of the ReLU's",
    parameters: [.number("beta_smooth", 10, atLeast: 0)])
  public init(_ values: RuleArguments) throws { self.init(betaSmooth: values.number("beta_smooth")) }
  public var parameters: [RuleParameter] { [.init("beta_smooth", .number(betaSmooth))] }
}
