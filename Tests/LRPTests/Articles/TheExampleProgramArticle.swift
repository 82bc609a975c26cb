import LRP
import NeuralNetwork
import Tensors
import Testing

// The code of the article TheExampleProgram.md, block for block; ArticleTests compares them.

struct TheExampleProgramArticle {
  @Test("the example program's switches and its loop")
  func loop() throws {
    let network = try TestNetworks.residual()
    let pictures = TestNetworks.picture(batch: 3)
    let classes = [0, 1, 2]

    var options = PresetOptions()
    options.zeroParams = [.bias]
    options.layerMap = [LayerMapEntry(.sum, SumSingle())]
    options.canonizers = [ResNetCanonizer()]
    let withoutShortcuts = try Preset.epsilonPlus.composite(options)

    let attributor = try Gradient(network, composite: withoutShortcuts)
    let result = try attributor.attribute(pictures, .logit(.indices(classes)))
    let correct = classes.indices.count { result.output.strongestClass(ofSample: $0) == classes[$0] }

    #expect((0...3).contains(correct))
    let sums = attributor.assignment.matches.indices.filter {
      attributor.assignment.network.nodes[$0].layer.kind == .sum
    }
    #expect(sums.map { attributor.assignment.matches[$0]?.rule.name } == ["SumSingle"])
    #expect(result.relevance.shape == pictures.shape)
  }
}
