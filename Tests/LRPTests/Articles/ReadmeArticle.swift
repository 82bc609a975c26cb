import Foundation
import Heatmaps
import LRP
import ModelZoo
import Tensors
import Testing

struct ReadmeArticle {
  @Test("the README's example", .enabled(if: FileManager.default.fileExists(atPath: "assets/images/chelsea.png")))
  func example() throws {
    let model = try ModelZoo.load("efficientnet_lite0")
    let picture = try Picture(contentsOfFile: "assets/images/chelsea.png")
    let input = try model.card.preprocessing.tensor(rgb: picture.rgb, width: picture.width, height: picture.height)

    var options = PresetOptions()
    options.canonizers = [SequentialMergeBatchNorm()]
    let composite = try Preset.named("epsilon_plus").composite(options)
    let result = try Gradient(model.network, composite: composite, keepsLedger: true).attribute(input, .logit(.top1))

    print(result.relevance.shape, result.relevance.sum())
    #expect(result.relevance.shape == input.shape)
    #expect(model.card.labels[result.output.strongestClass(ofSample: 0)].contains("cat"))
  }
}
