import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

// The code of the article HowToFindTheRelevanceOfParameters.md, block for block; ArticleTests compares them.

struct HowToFindTheRelevanceOfParametersArticle {
  @Test("the relevance of parameters")
  func parameters() throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()

    var gradient = try Gradient(network, composite: Preset.epsilonPlus.composite())
    gradient.keepsParameterRelevance = true
    gradient.keepsLedger = true
    let result = try gradient.attribute(input, .logit(.top1))

    for share in result.parameterRelevance {
      print(share.path, share.weight.shape, share.weight.sum(), share.bias?.sum() ?? 0)
    }
    let byName = result.parameterTensors  // "features.0.weight", "features.0.bias", …

    #expect(byName["features.0.weight"]?.shape == [8, 3, 3, 3])
    #expect(result.parameterRelevance.count == 5)
    // Weights get what the layer hands down, biases what they absorb.
    for share in result.parameterRelevance {
      let entry = try #require(result.ledger?.entries.first { $0.name == share.path })
      let size = entry.summary.positive - entry.summary.negative
      #expect(abs(share.weight.sum() - entry.incoming.reduce(0, +)) <= 1e-5 * size, "\(share.path)")
      #expect(abs((share.bias?.sum() ?? 0) - entry.bias.reduce(0, +)) <= 1e-5 * size, "\(share.path)")
    }
  }
}
