import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

// The code of the article LRP.md, block for block; ArticleTests compares them.

struct LRPArticle {
  @Test("the landing page")
  func overview() async throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()

    let composite = try Preset.epsilonPlus.composite()
    var gradient = try Gradient(network, composite: composite)
    gradient.keepsLedger = true
    let result = try gradient.attribute(input, .logit(.top1))

    let heatmap = result.relevance  // of the input's shape
    for entry in result.ledger?.entries ?? [] {
      print(entry.name, entry.rule ?? "gradient", entry.kept() ?? .nan)
    }

    let lowest = try #require(result.ledger?.entries.first)
    #expect(heatmap.shape == input.shape && heatmap.sampleSums() == lowest.incoming)
    let session = AttributionSession(network: network, input: input)
    let first = try await session.attribute(composite: composite, output: .logit(.top1))
    let second = try await session.attribute(composite: composite, output: .logit(.index(2)))

    #expect(first.attribution.relevance.isIdentical(to: heatmap))
    let other = try Gradient(network, composite: composite).attribute(input, .logit(.index(2)))
    #expect(second.attribution.relevance.isIdentical(to: other.relevance))
  }
}
