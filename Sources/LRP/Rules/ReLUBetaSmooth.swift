import Foundation
import NeuralNetwork
import Tensors

/// The gradient of a softplus in place of the ReLU's (Dombrowski et al. 2019): `R_in = sigmoid(βx) · R`.
public struct ReLUBetaSmooth: Rule, CataloguedRule {
  public internal(set) var betaSmooth = 10.0

  public var isSampleWise: Bool { true }

  public func propagate(_ relevance: Tensor, in context: RuleContext) throws -> [Tensor] {
    let beta = Float(betaSmooth)
    return context.inputs.map { $0.map(with: relevance) { x, r in r / (1 + exp(-beta * x)) } }
  }

  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? {
    shapeObjection(inputs: inputs, output: output)
  }

  package static let entry = CatalogEntry<ReLUBetaSmooth>(
    "ReLUBetaSmooth", formula: "sigmoid(β · x) · R", summary: "softplus gradients in place of the ReLU's",
    layers: .activation, parameters: [.number("beta_smooth", \.betaSmooth, atLeast: 0)])

  public init() {}
  /// - Throws: ``LRPError/parameter(rule:name:problem:)`` if β is negative or no number.
  public init(betaSmooth: Double) throws {
    self.betaSmooth = betaSmooth
    self = try checked()
  }
}
