import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

// The code of the article HowToDifferentiateAnAttribution.md, block for block; ArticleTests compares them.

struct HowToDifferentiateAnAttributionArticle {
  @Test("gradients of attributions")
  func gradients() throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()

    let wanted = Tensor.zeros(input.shape)
    let composite = try Preset.betaSmooth.composite()
    let derivative = try AttributionGradient(network, composite: composite)
    let result = try derivative.gradient(at: input, .one(.index(1))) { attribution in
      (attribution.relevance - wanted) * 2
    }
    let moved = input - result.gradient * 0.01

    func distance(_ input: Tensor) throws -> Double {
      let gap = try Gradient(network, composite: composite).attribute(input, .one(.index(1))).relevance - wanted
      return (gap * gap).sum()
    }
    #expect(try distance(moved) < distance(input))

    var options = PresetOptions()
    options.epsilon = 0.1
    options.stabilizer = 0.1
    let propagation = try AttributionGradient(network, composite: Preset.epsilonPlus.composite(options))
    let weights = Tensor(input.shape, filledWith: 1)
    let gradientOfTheSum = try propagation.gradient(at: input, .logit(.index(1))) { _ in weights }.gradient

    // Along itself it is the slope of the sum.
    func sum(_ input: Tensor) throws -> Double {
      let composite = try Preset.epsilonPlus.composite(options)
      return try Gradient(network, composite: composite).attribute(input, .logit(.index(1))).relevance.sum()
    }
    let length = (gradientOfTheSum * gradientOfTheSum).sum().squareRoot()
    let step = gradientOfTheSum * Float(1e-2 / length)
    let slope = try (sum(input + step) - sum(input - step)) / 2e-2
    #expect(abs(slope - length) < 0.02 * length)
  }
}
