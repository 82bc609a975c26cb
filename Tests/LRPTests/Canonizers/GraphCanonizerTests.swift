import Compute
import LRP
import NeuralNetwork
import Tensors
import Testing

/// Canonizers that go by the graph, and the choice of those that a network needs.
struct GraphCanonizerTests {
  static let input = TestNetworks.picture()

  /// Canonizes with what the network needs; the function must stay.
  private func canonized(_ network: Network, _ names: [String]) throws -> Network {
    let canonizers = CanonizerCatalog.needed(by: network)
    #expect(canonizers.map(\.name) == names)
    let result = try CompositeCanonizer(canonizers).apply(to: network)
    let before = try network.forward(Self.input)[network.output]
    #expect(try result.forward(Self.input)[result.output].deviation(from: before) < 1e-5)
    #expect(CanonizerCatalog.needed(by: result).isEmpty, "done twice, nothing more happens")
    return result
  }

  /// ΣR at the input over the explained logit, sample by sample, with rules that only lose relevance to biases.
  private func conserved(_ network: Network) throws -> [Double] {
    let composite = LayerMapComposite(
      layerMap: .base(stabilizer: 1e-9) + [LayerMapEntry(.linear, Epsilon(epsilon: 1e-9))],
      canonizers: CanonizerCatalog.needed(by: network))
    let result = try Gradient(composite.apply(to: network)).attribute(Self.input, .logit(.indices([1, 1])))
    return (0..<2).map { sample in
      result.relevance.sample(sample).sum() / Double(result.output.sample(sample).rowMajorElements()[1])
    }
  }

  // MARK: DenseNet

  @Test("batch norms of a DenseNet are merged, backwards where they can be, else forwards behind thresholds")
  func dense() throws {
    let result = try canonized(GraphNetworks.dense(), ["GraphMergeBatchNorm", "ThresholdBatchNorm"])
    for node in result.nodes {
      guard let norm = node.layer as? any BatchNormalizing else { continue }
      #expect(norm.weight.rowMajorElements().allSatisfy { $0 == 1 } && norm.epsilon == 0, "\(node.name)")
    }
    let thresholds = result.nodes.filter { $0.layer is ChannelClamp }.map(\.name)
    #expect(
      thresholds == [
        "features.denseblock1.denselayer1.relu1", "features.denseblock1.denselayer2.relu1",
        "features.transition1.relu", "relu",
      ])
    // Convolutions of 1x1 pad nothing.
    #expect(!result.nodes.contains { $0.layer is ChannelPadding })
  }

  @Test("all relevance of a bias-free DenseNet reaches the pixels")
  func denseConserves() throws {
    for ratio in try conserved(GraphNetworks.dense(biased: false)) { #expect(abs(ratio - 1) < 1e-4) }
  }

  @Test("Pass is exact after canonization: without biases, LRP-0 is input times gradient")
  func passIsExact() throws {
    for network in [try GraphNetworks.dense(biased: false), try GraphNetworks.preactivation(biased: false)] {
      let target = OutputRelevance.logit(.indices([1, 1]))
      let gradient = Gradient(Assignment(gradientOf: network))
      let one = try InputTimesGradient(gradient).attribute(Self.input, .one(.indices([1, 1]))).relevance
      func relevance(_ canonizers: [any Canonizer]) throws -> Tensor {
        let composite = LayerMapComposite(
          layerMap: .base(stabilizer: 1e-9) + [LayerMapEntry(.linear, Epsilon(epsilon: 1e-9))], canonizers: canonizers)
        return try Gradient(composite.apply(to: network)).attribute(Self.input, target).relevance
      }
      #expect(try relevance(CanonizerCatalog.needed(by: network)).deviation(from: one) < 1e-3)
    }
  }

  @Test("what remains of a batch norm is in the biases, and the ledger finds it there")
  func denseLedger() throws {
    let network = try GraphNetworks.dense()
    let composite = LayerMapComposite(
      layerMap: .base() + [LayerMapEntry(.linear, Epsilon())], canonizers: CanonizerCatalog.needed(by: network))
    let result = try Gradient(composite.apply(to: network), keepsLedger: true).attribute(Self.input, .logit(.top1))
    let entries = try #require(result.ledger).entries
    for entry in entries {
      let size = entry.outgoing.map(abs).max() ?? 0
      for sample in 0..<2 {
        let gap = entry.outgoing[sample] - entry.incoming[sample] - entry.bias[sample] - entry.stabilizer[sample]
        #expect(abs(gap - entry.other[sample]) <= 1e-5 * max(size, 1e-3))
        #expect(abs(entry.other[sample]) <= 1e-4 * max(size, 1e-3), "\(entry)")
      }
    }
  }

  // MARK: Pre-activation

  @Test("pre-activation blocks: padding has the value that the batch norm makes zero", arguments: [0, 6])
  func preactivation(_ cut: Int) throws {
    let activation: Activation = cut == 6 ? .relu6 : .relu
    let names = ["GraphMergeBatchNorm", "ThresholdBatchNorm", "ResidualSums"]
    let result = try canonized(GraphNetworks.preactivation(activation), names)
    #expect(
      result.nodes.filter { $0.layer is ChannelPadding }.map(\.name) == [
        "blocks.0.conv1.padding", "blocks.1.conv1.padding",
      ])
    let order = result.registrationOrder
    let place = try #require(order.firstIndex(of: "blocks.0.conv1.padding"))
    #expect(order[place + 1] == "blocks.0.conv1")
    #expect(result.nodes.filter { $0.layer.kind == .sum }.map(\.path) == ["blocks.0.add", "blocks.1.add"])
    #expect(order.contains("blocks.0.add"))
    for ratio in try conserved(GraphNetworks.preactivation(activation, biased: false)) {
      #expect(abs(ratio - 1) < 1e-4)
    }
  }

  // MARK: What follows a batch norm

  static let merged: [(String, @Sendable () throws -> [any Layer])] = [
    ("no activation", { [try TestNetworks.convolution(8, 3, seed: 5)] }),
    ("ReLU6, stride", { [ActivationLayer(.relu6), try TestNetworks.convolution(8, 3, stride: 2, seed: 5)] }),
    (
      "dropout", { [TestNetworks.relu, Dropout(), try TestNetworks.convolution(8, 3, kernel: 1, padding: 0, seed: 5)] }
    ),
    (
      "pool without padding",
      {
        [
          TestNetworks.relu, AveragePool(PoolingGeometry(kernel: [3, 3], strides: [2, 2])),
          try TestNetworks.convolution(8, 3, seed: 5),
        ]
      }
    ),
    (
      "pool that leaves its padding out",
      {
        [
          TestNetworks.relu,
          AveragePool(PoolingGeometry(kernel: [3, 3], strides: [2, 2], paddingBegin: [1, 1]), countsPadding: false),
          try TestNetworks.convolution(8, 3, seed: 5),
        ]
      }
    ),
    ("flattened positions", { [TestNetworks.relu, Flatten(), try TestNetworks.fullyConnected(8 * 144, 3, seed: 5)] }),
    (
      "a second norm",
      {
        [
          try GraphNetworks.norm(8, seed: 70, biased: true), TestNetworks.relu,
          try TestNetworks.convolution(8, 3, seed: 5),
        ]
      }
    ),
  ]

  @Test(arguments: merged.map(\.0)) func mergedForwards(_ name: String) throws {
    let layers = try #require(Self.merged.first { $0.0 == name }).1()
    let result = try canonized(GraphNetworks.afterNorm(layers), ["ThresholdBatchNorm"])
    let norm = try #require(result.nodes[result.index(ofNode: "norm")].layer as? any BatchNormalizing)
    #expect(norm.epsilon == 0)
  }

  static let kept: [(String, @Sendable () throws -> [any Layer])] = [
    ("nothing", { [] }),
    ("an activation at the end", { [TestNetworks.relu] }),
    ("a smooth activation", { [ActivationLayer(.gelu()), try TestNetworks.convolution(8, 3, seed: 5)] }),
    (
      "maximum pooling",
      { [TestNetworks.relu, MaxPool(PoolingGeometry(kernel: [2, 2])), try TestNetworks.convolution(8, 3, seed: 5)] }
    ),
    (
      "pool that counts its padding",
      {
        [
          TestNetworks.relu, AveragePool(PoolingGeometry(kernel: [3, 3], strides: [2, 2], paddingBegin: [1, 1])),
          try TestNetworks.convolution(8, 3, seed: 5),
        ]
      }
    ),
  ]

  @Test("a batch norm that cannot be merged stays", arguments: kept.map(\.0)) func keptAsItIs(_ name: String) throws {
    let layers = try #require(Self.kept.first { $0.0 == name }).1()
    _ = try canonized(GraphNetworks.afterNorm(layers), [])
  }

  @Test("channels with γ = 0 are constants; with padding they cannot be merged")
  func constantChannels() throws {
    let weight = Tensor([8], rowMajor: [1, 0, -1, 0.5, 0, 2, 1e-30, 1])
    let flat = try TestNetworks.convolution(8, 3, kernel: 1, padding: 0, seed: 5)
    let result = try canonized(
      GraphNetworks.afterNorm([TestNetworks.relu, flat], weight: weight), ["ThresholdBatchNorm"])
    #expect(result.nodes.contains { $0.layer is ChannelClamp })
    let padded = try TestNetworks.convolution(8, 3, seed: 5)
    _ = try canonized(GraphNetworks.afterNorm([TestNetworks.relu, padded], weight: weight), [])
  }

  @Test("modules that are used twice are left alone")
  func reused() throws {
    var net = NetworkBuilder(name: "reused")
    net.add("stem", try TestNetworks.convolution(3, 6, seed: 1))
    let norm = try GraphNetworks.norm(6, seed: 2, biased: true)
    let convolution = try TestNetworks.convolution(6, 6, seed: 3)
    net.add("norm", norm)
    net.add("conv", convolution)
    net.add("norm", norm)
    net.add("conv", convolution)
    _ = try canonized(net.build(), [])
  }

  @Test("merging goes by the graph where the order of registration misleads")
  func graphMerge() throws {
    var net = NetworkBuilder(name: "misleading")
    let stem = net.add("stem", try TestNetworks.convolution(3, 6, seed: 1))
    net.add("bn", try GraphNetworks.norm(6, seed: 2, biased: true))
    net.add("act", ActivationLayer(.silu))
    let other = net.add("conv", try TestNetworks.convolution(6, 6, seed: 3))
    // Reads a layer that others read too.
    net.add("shared_bn", try GraphNetworks.norm(6, seed: 4, biased: true), from: [other])
    net.add("add", Add(), from: [other, net.last])
    net.registrationOrder = ["conv", "bn", "stem", "shared_bn", "act"]
    let result = try canonized(net.build(), ["GraphMergeBatchNorm", "ResidualSums"])
    #expect(try #require(result.nodes[2].layer as? any BatchNormalizing).epsilon == 0)
    #expect(try #require(result.nodes[5].layer as? any BatchNormalizing).epsilon == 1e-5)
    #expect(
      !(try #require(result.nodes[stem].layer as? any ParameterizedLayer).weight
        .isIdentical(to: TestNetworks.convolution(3, 6, seed: 1).weight)))
  }

  @Test("the shortcut is the first summand, however the addition was written", arguments: [true, false])
  func shortcuts(isFirst: Bool) throws {
    var net = NetworkBuilder(name: "shortcut")
    let stem = net.add("stem", try TestNetworks.convolution(3, 6, seed: 1))
    let branch = net.add("branch", try TestNetworks.convolution(6, 6, seed: 2))
    net.add("add", Add(), from: isFirst ? [stem, branch] : [branch, stem])
    let network = try ResidualSums().apply(to: net.build())
    #expect(network.nodes[3].layer.kind == .sum && network.nodes[3].inputs == [stem, branch])
  }

  // MARK: Gates

  @Test(
    "all relevance of a gated product goes to the signal", arguments: GraphNetworks.GateKind.allCases, [true, false])
  func gates(_ kind: GraphNetworks.GateKind, gateFirst: Bool) throws {
    let network = try GraphNetworks.gated(kind, gateFirst: gateFirst)
    let result = try canonized(network, ["GraphMergeBatchNorm", "ResidualSums", "SignalTakesAll"])
    let gate = try result.index(ofNode: "se.mul")
    #expect(result.nodes[gate].layer.kind == .gatedProduct && result.registrationOrder.contains("se.mul"))
    for ratio in try conserved(GraphNetworks.gated(kind, gateFirst: gateFirst, biased: false)) {
      #expect(abs(ratio - 1) < 1e-4)
    }
    let composite = LayerMapComposite(
      layerMap: .base() + [LayerMapEntry(.linear, Epsilon())], canonizers: CanonizerCatalog.needed(by: network))
    let assignment = try composite.apply(to: network)
    #expect(assignment.matches[gate]?.rule.name == "Norm")
    let flow = try Gradient(assignment, keepsNodeRelevance: true).attribute(Self.input, .logit(.top1))
    let relevance = flow.nodeRelevance
    for (index, node) in assignment.network.nodes.enumerated() where node.path.hasPrefix("se.") && index != gate {
      #expect(relevance[index].map { $0.rowMajorElements().allSatisfy { $0 == 0 } } ?? true, "\(node.name)")
    }
    let signal = try #require(relevance[assignment.network.index(ofNode: "act")])
    let product = try #require(relevance[gate])
    #expect(signal.deviation(from: product) < 1e-3)
  }

  @Test("x · sigmoid(x), written out, is a gate; a product of equals is none")
  func products() throws {
    let result = try canonized(GraphNetworks.writtenOutSiLU(), ["SignalTakesAll"])
    #expect(result.nodes[3].layer.kind == .gatedProduct)
    for ratio in try conserved(GraphNetworks.writtenOutSiLU()) { #expect(abs(ratio - 1) < 1e-4) }
    var net = NetworkBuilder(name: "square")
    let stem = net.add("stem", try TestNetworks.convolution(3, 6, seed: 1))
    net.add("square", Product(), from: [stem, stem])
    _ = try canonized(net.build(), [])
  }

  @Test("LogitOutput leaves out a softmax or a sigmoid at the end, by name or with auto")
  func logits() throws {
    var net = NetworkBuilder(name: "softmax")
    net.add("flatten", Flatten())
    net.add("fc", try TestNetworks.fullyConnected(432, 5, seed: 1))
    net.add("softmax", Softmax(axis: 1))
    net.add("again", Flatten())
    let network = try net.build()
    #expect(CanonizerCatalog.needed(by: network).isEmpty)
    let before = try network.forward(Self.input)
    let logits = try CanonizerCatalog.make("LogitOutput").apply(to: network)
    let after = try logits.forward(Self.input)
    #expect(after[logits.output].isIdentical(to: before[2]) && !after[logits.output].isIdentical(to: before[4]))
    let changes = try CanonizerChange.list([LogitOutput()], on: network)
    #expect(changes.map(\.text) == ["Softmax → Identity"])
    #expect(network.outputMeaning == .probabilities && logits.outputMeaning == .logits)
    #expect(try CanonizerCatalog.make(["auto"], for: network).map(\.name) == ["LogitOutput"])
    #expect(try CanonizerCatalog.make(["LogitOutput", "auto", "auto"], for: network).map(\.name) == ["LogitOutput"])
    #expect(LogitOutput.notice(for: network)?.contains("ends in a softmax") == true)
    #expect(LogitOutput.notice(for: logits) == nil && LogitOutput.warning(for: logits) == nil)
    let plain = try TestNetworks.vgg()
    #expect(try CanonizerChange.list([LogitOutput()], on: plain).isEmpty)
    #expect(try CanonizerCatalog.make(["auto"], for: plain).isEmpty)
  }

  @Test("a sigmoid is left out too; what was declared of the output goes on to what is before it")
  func sigmoids() throws {
    var net = NetworkBuilder(name: "sigmoid")
    net.add("flatten", Flatten())
    net.add("fc", try TestNetworks.fullyConnected(432, 5, seed: 1))
    net.add("sigmoid", ActivationLayer(.sigmoid))
    let network = try net.build()
    let logits = try LogitOutput().apply(to: network)
    #expect(network.outputMeaning == .binaryProbabilities && logits.outputMeaning == .binaryLogits)
    let before = try network.forward(Self.input)
    #expect(try logits.forward(Self.input)[logits.output].isIdentical(to: before[2]))
    #expect(try LogitOutput().apply(to: network.declaring(.scores)).outputMeaning == .scores)
    // Canonizers that build graphs anew keep what was declared.
    let residual = try TestNetworks.residual().declaring(.scores)
    for canonizer in CanonizerCatalog.all { #expect(try canonizer.apply(to: residual).outputMeaning == .scores) }
  }

  // MARK: Choice and report

  @Test("plain networks need what they always needed; names can be mixed with auto")
  func choice() throws {
    #expect(CanonizerCatalog.needed(by: try TestNetworks.vgg()).isEmpty)
    #expect(
      CanonizerCatalog.needed(by: try TestNetworks.residual()).map(\.name) == ["GraphMergeBatchNorm", "ResidualSums"])
    let names = try CanonizerCatalog.make(["VGGCanonizer", "auto"], for: TestNetworks.residual()).map(\.name)
    #expect(names == ["VGGCanonizer", "GraphMergeBatchNorm", "ResidualSums"])
    let error = #expect(throws: LRPError.self) { _ = try CanonizerCatalog.make("ThresholdBatchNom") }
    #expect(error.map { "\($0)".contains("did you mean 'ThresholdBatchNorm'?") } == true)
  }

  @Test("every change is listed, with the canonizer that made it")
  func report() throws {
    let network = try GraphNetworks.preactivation()
    let changes = try CanonizerChange.list(CanonizerCatalog.needed(by: network), on: network)
    let lines = CanonizerChange.summary(changes)
    #expect(lines.contains("GraphMergeBatchNorm: 2 × batch norm merged (blocks.0.bn2, blocks.1.bn2)"), "\(lines)")
    #expect(lines.contains("ThresholdBatchNorm: 3 × batch norm merged (blocks.0.bn1, blocks.1.bn1, bn)"), "\(lines)")
    #expect(lines.contains("ThresholdBatchNorm: 2 × ReLU → Threshold (blocks.0.relu, blocks.1.relu)"), "\(lines)")
    #expect(
      lines.contains {
        $0.hasPrefix("ThresholdBatchNorm: 2 × layer added (blocks.0.conv1.padding") || $0.contains("× Pad per channel")
      }, "\(lines)")
    #expect(lines.contains("ResidualSums: 2 × Add → Sum (blocks.0.add, blocks.1.add)"), "\(lines)")
    let renamed = try CanonizerChange.list([ResNetCanonizer()], on: TestNetworks.residual())
    #expect(renamed.contains { $0.layer == "layer1.0.canonizer_sum" && $0.text == "Add → Sum" })
    #expect(renamed.filter { $0.kind == .merged }.count == 4 && renamed.count == 5)
    #expect(try CanonizerChange.list([], on: network).isEmpty)
  }
}
