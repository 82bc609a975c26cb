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

    let scores = try network.forward(pictures)[network.output]
    let expected = classes.count { sample in
      let own = scores.sample(sample).rowMajorElements()
      return own[classes[sample]] == own.max()
    }
    #expect(correct == expected)
    let sums = attributor.assignment.matches.indices.filter {
      attributor.assignment.network.nodes[$0].layer.kind == .sum
    }
    #expect(sums.map { attributor.assignment.matches[$0]?.rule.name } == ["SumSingle"])
    // Nothing goes through the shortcut: the picture gets what the residual branch lets through, biases aside.
    var kept = attributor
    kept.keepsNodeRelevance = true
    let flow = try kept.attribute(pictures, .logit(.indices(classes))).nodeRelevance
    let nodes = attributor.assignment.network
    let shortcut = try #require(flow[nodes.index(ofNode: "layer1.0.downsample.0")])
    let branch = try #require(flow[nodes.index(ofNode: "layer1.0.conv2")])
    #expect(shortcut.rowMajorElements().allSatisfy { $0 == 0 })
    for (sample, sum) in result.relevance.sampleSums().enumerated() {
      #expect(abs(sum - branch.sampleSums()[sample]) < 1e-4 * max(1, abs(sum)))
    }
  }
}
