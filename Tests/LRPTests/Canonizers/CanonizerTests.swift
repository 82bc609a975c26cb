import Compute
import LRP
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

struct CanonizerTests {
  /// A linear layer with what comes before its batch norm.
  struct Linear: CustomTestStringConvertible, Sendable {
    let name: String
    let layer: any ParameterizedLayer
    let input: Shape
    let channels: Int
    let norm: LayerKind
    var testDescription: String { name }
  }

  static let linears: [Linear] = {
    func convolution(_ biased: Bool, transposed: Bool, groups: Int) throws -> Linear {
      let (inputs, outputs) = (4, 6)
      let shape: Shape =
        transposed ? [inputs, outputs / groups, 3, 2] : [outputs, inputs / groups, 3, 2]
      return Linear(
        name: "\(transposed ? "transposed " : "")convolution, groups \(groups), \(biased ? "bias" : "no bias")",
        layer: try Convolution(
          geometry: ConvolutionGeometry(rank: 2, stride: 2, padding: 1, groups: groups, isTransposed: transposed),
          weight: .random(shape, seed: 3, layout: .rowMajor), bias: biased ? .random([outputs], seed: 4) : nil),
        input: [2, inputs, 7, 6], channels: outputs, norm: .batchNorm2d)
    }
    func connected(_ biased: Bool) throws -> Linear {
      Linear(
        name: "fully connected, \(biased ? "bias" : "no bias")",
        layer: try TestNetworks.fullyConnected(9, 5, seed: 3, biased: biased), input: [3, 9], channels: 5,
        norm: .batchNorm1d)
    }
    do {
      return try [true, false].flatMap { biased in
        try [
          convolution(biased, transposed: false, groups: 1), convolution(biased, transposed: false, groups: 2),
          convolution(biased, transposed: true, groups: 1), convolution(biased, transposed: true, groups: 2),
          connected(biased),
        ]
      }
    } catch {
      return []
    }
  }()

  private static func network(_ linear: Linear) throws -> Network {
    var builder = NetworkBuilder(name: "merged")
    builder.add("linear", linear.layer)
    builder.add("norm", try TestNetworks.batchNorm(linear.channels, seed: 31, kind: linear.norm))
    return try builder.build()
  }

  @Test("merging changes the parameters and not the function", arguments: linears)
  func merge(linear: Linear) throws {
    let network = try Self.network(linear)
    let merged = try SequentialMergeBatchNorm().apply(to: network)
    let input = Tensor.random(linear.input, seed: 5)
    let before = try network.forward(input)
    let after = try merged.forward(input)
    #expect(after[2].deviation(from: before[2]) < 2e-6)
    // The batch norm is the identity to the bit, so that handing relevance through it is exact.
    #expect(after[2].isIdentical(to: after[1]))
    let norm = try #require(merged.nodes[2].layer as? any BatchNormalizing)
    let seed = Tensor.random(after[2].shape, seed: 6)
    #expect(try norm.vjp(seed, inputs: [after[1]], output: after[2])[0].isIdentical(to: seed))
    // The formula, channel by channel.
    let original = try #require(network.nodes[2].layer as? any BatchNormalizing)
    let bias = try #require((merged.nodes[1].layer as? any ParameterizedLayer)?.bias).rowMajorElements()
    for channel in bias.indices {
      let scale =
        Double(original.weight.rowMajorElements()[channel])
        / (Double(original.runningVariance.rowMajorElements()[channel]) + original.epsilon).squareRoot()
      let old = Double(linear.layer.bias?.rowMajorElements()[channel] ?? 0)
      let mean = Double(original.runningMean.rowMajorElements()[channel])
      let shift = Double(try #require(original.bias).rowMajorElements()[channel])
      #expect(abs(Double(bias[channel]) - ((old - mean) * scale + shift)) < 1e-6)
    }
  }

  @Test("the network that is canonized stays as it was")
  func purity() throws {
    let network = try TestNetworks.residual()
    let input = TestNetworks.picture()
    let before = try network.forward(input)
    let weight = try #require(network.nodes[1].layer as? any ParameterizedLayer).weight
    let canonized = try ResNetCanonizer().apply(to: network)
    #expect(try network.forward(input)[network.output].isIdentical(to: before[network.output]))
    #expect(try #require(network.nodes[1].layer as? any ParameterizedLayer).weight.isIdentical(to: weight))
    #expect(network.nodes.contains { $0.layer.kind == .add } && !canonized.nodes.contains { $0.layer.kind == .add })
  }

  @Test("ResNetCanonizer merges batch norms and names the sums")
  func residual() throws {
    let network = try TestNetworks.residual()
    let canonized = try ResNetCanonizer().apply(to: network)
    let input = TestNetworks.picture()
    let before = try network.forward(input)[network.output]
    #expect(try canonized.forward(input)[canonized.output].deviation(from: before) < 1e-5)
    let index = try canonized.index(ofNode: "layer1.0.canonizer_sum")
    #expect(canonized.nodes[index].layer.kind == .sum)
    // The shortcut comes first, whichever way the addition is written.
    #expect(
      canonized.nodes[index].inputs.map { canonized.nodes[$0].path } == ["layer1.0.downsample.1", "layer1.0.bn2"])
    // Registered as the last module of its block.
    let order = canonized.registrationOrder
    let place = try #require(order.firstIndex(of: "layer1.0.canonizer_sum"))
    #expect(order[place - 1] == "layer1.0.downsample.1" && order[place + 1] == "avgpool")
    for name in ["bn1", "layer1.0.bn1", "layer1.0.bn2", "layer1.0.downsample.1"] {
      let norm = try #require(canonized.nodes[canonized.index(ofNode: name)].layer as? any BatchNormalizing)
      #expect(norm.weight.rowMajorElements().allSatisfy { $0 == 1 } && norm.epsilon == 0)
    }
    // Done twice, nothing more happens.
    let twice = try ResNetCanonizer().apply(to: canonized)
    #expect(try twice.forward(input)[twice.output].isIdentical(to: canonized.forward(input)[canonized.output]))
    #expect(twice.registrationOrder == order)
  }

  @Test("only torchvision's residual blocks have their additions named, as in the reference")
  func othersStay() throws {
    for name in ["mobilenet_v2", "efficientnet_b0", "mnasnet0_5"] {
      let network = try ModelZoo.load(name, classes: 4, seed: 2).network
      let canonized = try ResNetCanonizer().apply(to: network)
      #expect(network.nodes.contains { $0.layer.kind == .add } && !ResNetCanonizer.hasBlocks(in: network), "\(name)")
      #expect(canonized.nodes.map(\.name) == network.nodes.map(\.name), "\(name)")
      #expect(!canonized.nodes.contains { $0.layer.kind == .sum }, "\(name)")
    }
    // Called alike, but the activation comes before the convolution, and what is added goes elsewhere.
    let preactivation = try GraphNetworks.preactivation()
    #expect(!(try ResNetBasicBlockCanonizer().apply(to: preactivation)).nodes.contains { $0.layer.kind == .sum })
  }

  @Test("each kind of block has a canonizer of its own, which merges nothing")
  func blocks() throws {
    for (name, count, isBottleneck) in [("resnet18", 8, false), ("resnet50", 16, true)] {
      let network = try ModelZoo.load(name, classes: 4, seed: 2).network
      let canonizers: [any Canonizer] = [ResNetBasicBlockCanonizer(), ResNetBottleneckCanonizer()]
      for (index, canonizer) in canonizers.enumerated() {
        let changes = try CanonizerChange.list([canonizer], on: network)
        #expect(changes.count == ((index == 1) == isBottleneck ? count : 0), "\(name), \(canonizer.name)")
        #expect(changes.allSatisfy { $0.text == "Add → Sum" })
        #expect(try CanonizerCatalog.make(canonizer.name).identity == canonizer.identity)
      }
    }
  }

  @Test("two additions of a block get names of their own")
  func twoAdditions() throws {
    var net = NetworkBuilder(name: "twice")
    let stem = net.add("stem", try TestNetworks.convolution(3, 6, seed: 1))
    net.add("block.conv1", try TestNetworks.convolution(6, 6, seed: 2))
    net.add("block.add", Add(), from: [net.last, stem])
    let middle = net.add("block.relu", TestNetworks.relu)
    net.add("block.conv2", try TestNetworks.convolution(6, 6, seed: 3))
    net.add("block.add", Add(), from: [net.last, middle])
    net.add("block.relu", TestNetworks.relu)
    let network = try ResNetCanonizer().apply(to: net.build())
    #expect(
      network.nodes.filter { $0.layer.kind == .sum }.map(\.name) == ["block.canonizer_sum", "block.canonizer_sum#2"])
    #expect(network.registrationOrder.count { $0 == "block.canonizer_sum" } == 1)
  }

  @Test("a canonizer of one's own chooses what is merged")
  func ownMerge() throws {
    let network = try TestNetworks.residual()
    let merged = try MergeBatchNorm.merge("layer1.0.bn2", into: ["layer1.0.conv2"], of: network)
    let named = try NamedMergeBatchNorm(nameMap: [.init(linear: ["layer1.0.conv2"], batchNorm: "layer1.0.bn2")])
      .apply(to: network)
    let input = TestNetworks.picture()
    #expect(try merged.forward(input)[merged.output].isIdentical(to: named.forward(input)[named.output]))
    #expect(try !merged.forward(input)[merged.output].isIdentical(to: network.forward(input)[network.output]))
    let error = #expect(throws: LRPError.self) { try MergeBatchNorm.merge("bn1", into: ["relu"], of: network) }
    #expect(error.map { "\($0)".contains("MergeBatchNorm") && "\($0)".contains("a linear layer expected") } == true)
  }

  @Test("a path that stands for two kinds of layers: rules and merges take each for what it is")
  func mixedPath() throws {
    var net = NetworkBuilder(name: "mixed")
    net.add("stem", try TestNetworks.convolution(3, 6, seed: 1))
    net.add("stem", try TestNetworks.batchNorm(6, seed: 2))
    net.add("norm", try TestNetworks.batchNorm(6, seed: 3))
    net.add("pool", AdaptiveAveragePool(output: [1, 1]))
    net.add("pool", Flatten())
    net.registrationOrder = ["stem", "norm", "pool"]
    let network = try net.build()
    #expect(network.modules.map(\.kind) == [.conv2d, .batchNorm2d, .batchNorm2d, .adaptiveAvgPool2d, .flatten])
    let composite = LayerMapComposite(layerMap: [
      LayerMapEntry(.avgPool, Norm()), LayerMapEntry(.batchNorm, Pass()), LayerMapEntry(.linear, Epsilon()),
    ])
    let rules = try composite.apply(to: network).matches.map { $0?.rule.name }
    #expect(rules == [nil, "Epsilon", "Pass", "Pass", "Norm", nil])
    let merged = try MergeBatchNorm.merge("norm", into: ["stem"], of: network)
    #expect(merged.nodes.map(\.layer.kind) == network.nodes.map(\.layer.kind))
  }

  @Test("a batch norm that does not follow a linear layer stays")
  func notAfterLinear() throws {
    var builder = NetworkBuilder(name: "apart")
    builder.add("conv", try TestNetworks.convolution(3, 4, seed: 1))
    builder.add("relu", TestNetworks.relu)
    builder.add("norm", try TestNetworks.batchNorm(4, seed: 2))
    let network = try builder.build()
    let canonized = try VGGCanonizer().apply(to: network)
    let norm = try #require(canonized.nodes[3].layer as? any BatchNormalizing)
    #expect(norm.epsilon == 1e-5)
    // The order of registration decides, whatever the order of use.
    let registered = try Network(name: "apart", nodes: network.nodes, registrationOrder: ["conv", "norm", "relu"])
    let merged = try #require(
      try VGGCanonizer().apply(to: registered).nodes[3].layer as? any BatchNormalizing)
    #expect(merged.epsilon == 0)
  }

  @Test("a named merge folds one batch norm into several layers, and says what does not fit")
  func named() throws {
    let network = try TestNetworks.residual()
    let canonizer = NamedMergeBatchNorm(nameMap: [.init(linear: ["layer1.0.conv2"], batchNorm: "layer1.0.bn2")])
    let merged = try canonizer.apply(to: network)
    let input = TestNetworks.picture()
    let before = try network.forward(input)[network.output]
    #expect(try merged.forward(input)[merged.output].deviation(from: before) < 1e-5)
    let kept = try #require(merged.nodes[2].layer as? any BatchNormalizing)
    #expect(kept.epsilon == 1e-5)
    for (linear, norm, message) in [
      ("layer1.0.conv2", "layer1.0.bn9", "no layer 'layer1.0.bn9'"), ("conv9", "bn1", "no layer 'conv9'"),
      ("relu", "bn1", "relu is ReLU, a linear layer expected"), ("conv1", "fc", "fc is FullyConnected, a batch norm"),
      ("conv1", "layer1.0.bn1", "conv1 has 6 output channels"),
    ] {
      let wrong = NamedMergeBatchNorm(nameMap: [.init(linear: [linear], batchNorm: norm)])
      let error = #expect(throws: (any Error).self) { _ = try wrong.apply(to: network) }
      #expect(error.map { "\($0)".contains(message) } == true)
    }
  }

  @Test("a composite of canonizers applies them in order, and the catalogue knows the names")
  func catalogue() throws {
    let both = CompositeCanonizer([VGGCanonizer(), ResNetCanonizer()])
    #expect(both.name == "VGGCanonizer+ResNetCanonizer")
    #expect(try both.apply(to: TestNetworks.residual()).nodes.contains { $0.name == "layer1.0.canonizer_sum" })
    #expect(try CanonizerCatalog.make("SequentialMergeBatchNorm").name == "SequentialMergeBatchNorm")
    let error = #expect(throws: LRPError.self) { _ = try CanonizerCatalog.make("ResnetCanoniser") }
    #expect(error.map { "\($0)".contains("did you mean 'ResNetCanonizer'?") } == true)
  }

  @Test("AttributeCanonizer replaces the operation of the nodes it is asked about")
  func attribute() throws {
    let canonizer = AttributeCanonizer { $0.layer.kind == .relu ? ActivationLayer(.softplus(beta: 5)) : nil }
    let network = try TestNetworks.vgg()
    let canonized = try canonizer.apply(to: network)
    #expect(canonized.nodes.filter { $0.layer.kind == .softplus }.count == 4)
    #expect(network.nodes.filter { $0.layer.kind == .relu }.count == 4)
    #expect(canonizer.identity == canonizer.identity)
    #expect(canonizer.identity != AttributeCanonizer { _ in nil }.identity)
  }
}
