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

struct SiblingMerge: Canonizer {
  var name: String { "SiblingMerge" }

  func apply(to network: Network) throws -> Network {
    var layers: [Int: any Layer] = [:]
    for path in network.registrationOrder where path.hasSuffix(".norm") {
      let linear = String(path.dropLast("norm".count)) + "linear"
      try MergeBatchNorm.merge(
        linears: [linear], into: &layers, batchNorm: path, network: network, canonizer: name)
    }
    return try network.replacing(layers)
  }
}

struct HowToWriteACanonizerArticle {
  @Test("merges of one's own")
  func siblings() throws {
    var builder = NetworkBuilder(name: "siblings")
    for (index, seed) in [(0, UInt64(1)), (1, 11)] {
      builder.add("block\(index).linear", try TestNetworks.fullyConnected(6, 6, seed: seed))
      builder.add("block\(index).act", TestNetworks.relu)
      builder.add(
        "block\(index).norm", try TestNetworks.batchNorm(6, seed: seed + 1, kind: .batchNorm1d), from: [3 * index + 1])
    }
    let network = try builder.build()
    let input = Tensor.random([2, 6], seed: 3)
    let (before, merged) = (try network.forward(input), try SiblingMerge().apply(to: network))
    let after = try merged.forward(input)
    #expect(after[merged.output].deviation(from: before[network.output]) < 1e-5)
    #expect(after[3].isIdentical(to: after[1]) && after[6].isIdentical(to: after[4]))
    #expect(!before[3].isIdentical(to: before[1]))
  }

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
