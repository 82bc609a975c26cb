import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

// The code of the article HowToWriteACanonizer.md, block for block; ArticleTests compares them.

struct LogitsOnly: Canonizer {
  var name: String { "LogitsOnly" }

  func apply(to network: Network) throws -> Network {
    let last = network.nodes[network.output]
    guard last.layer.kind == .softmax, let before = last.inputs.first else { return network }
    return try Network(
      name: network.name, nodes: network.nodes, output: before, registrationOrder: network.registrationOrder)
  }
}

struct HowToWriteACanonizerArticle {
  @Test("canonizers of one's own")
  func canonizers() throws {
    var builder = NetworkBuilder(name: "with_softmax")
    builder.add("first", try TestNetworks.fullyConnected(6, 6, seed: 1))
    builder.add("norm", try TestNetworks.batchNorm(6, seed: 2, kind: .batchNorm1d))
    builder.add("skip", Add(), from: [0, 2])
    builder.add("last", try TestNetworks.fullyConnected(6, 4, seed: 3))
    builder.add("softmax", Softmax(axis: 1))
    let network = try builder.build()

    let namedSums = AttributeCanonizer { node in node.layer.kind == .add ? Sum() : nil }

    let composite = LayerMapComposite(
      layerMap: .base() + [LayerMapEntry(.linear, Epsilon(epsilon: 0.01))],
      canonizers: [SequentialMergeBatchNorm(), namedSums, LogitsOnly()])
    let assignment = try composite.apply(to: network)

    let input = Tensor.random([2, 6], seed: 4)
    let before = try network.forward(input)
    let result = try Gradient(assignment).attribute(input, .output)
    #expect(result.output.deviation(from: before[4]) < 1e-5)
    let sum = try assignment.network.index(ofNode: "skip")
    #expect(assignment.network.nodes[sum].layer.kind == .sum && assignment.matches[sum]?.rule.name == "Norm")
    #expect(network.nodes[3].layer.kind == .add && network.output == 5)
  }
}
