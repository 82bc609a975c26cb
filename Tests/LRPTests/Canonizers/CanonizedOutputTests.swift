import Compute
import Foundation
import LRP
import ModelFormats
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

/// Whatever canonizers do, the network computes what it did before.
struct CanonizedOutputTests {
  private static let formats = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/formats").path

  /// Rounding of merged parameters grows over the layers, to 1e-4 in EfficientNet V2; a wrong merge moves the output by its
  /// own size.
  private static let bound: Float = 1e-3

  /// Those that go by the graph, each by itself and in the order in which they are needed, and those of torchvision.
  private func check(_ network: Network, _ input: Tensor, _ name: String) throws {
    let before = try network.forward(input)[network.output]
    let needed = CanonizerCatalog.needed(by: network)
    var series: [[any Canonizer]] = [needed]
    for canonizer in CanonizerCatalog.all where canonizer is any GraphCanonizer { series.append([canonizer]) }
    series.append([ResNetBasicBlockCanonizer(), ResNetBottleneckCanonizer()])
    for canonizers in series {
      let canonized = try CompositeCanonizer(canonizers).apply(to: network)
      let after = try canonized.forward(input)[canonized.output]
      let names = canonizers.map(\.name).joined(separator: "+")
      guard before.isFinite, before.rowMajorElements().contains(where: { $0 != 0 }) else {
        #expect(after.isIdentical(to: before) || !before.isFinite, "\(name): \(names)")
        continue
      }
      #expect(after.deviation(from: before) < Self.bound, "\(name): \(names)")
    }
    #expect(CanonizerCatalog.needed(by: try CompositeCanonizer(needed).apply(to: network)).isEmpty, "\(name)")
  }

  static let models: [String] = {
    // The largest of a family differ from the others in numbers only.
    let large = [
      "vgg13", "vgg16", "vgg19", "wide_resnet", "resnet101", "resnet152", "resnext101", "convnext_base",
      "convnext_large", "convnext_small", "densenet161", "densenet169", "densenet201", "efficientnet_b5",
      "efficientnet_b6",
      "efficientnet_b7", "efficientnet_b4",
    ]
    return ModelZoo.list.map(\.name).filter { name in !large.contains { name.hasPrefix($0) } }
  }()

  @Test("of every model of the zoo", arguments: models)
  func zoo(_ name: String) throws {
    let isEmbedded = ModelZoo.list.contains { $0.name == name && $0.origin == .embedded }
    let model = try ModelZoo.load(name, classes: isEmbedded ? nil : 10, seed: 3)
    let channels = model.card.preprocessing.color.channels
    let side = name == "inception_v3" ? 96 : channels == 1 ? 28 : 64
    try check(model.network, .random([1, channels, side, side], seed: 4), name)
  }

  @Test("of every ONNX file there is", arguments: ["onnx", "onnx_operators"])
  func files(_ folder: String) throws {
    let path = "\(Self.formats)/\(folder)"
    let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".onnx") }.sorted()
    #expect(names.count > 50)
    let results = try SafetensorsFile(path: path + "/results.safetensors")
    for name in names {
      let network = try ONNXFile(path: "\(path)/\(name)").network()
      try check(network, results.tensor("\(name.dropLast(5)).input").converted(to: .channelsLast), name)
    }
  }

  @Test("of the networks of the other tests")
  func small() throws {
    let input = TestNetworks.picture()
    var networks = [
      try TestNetworks.vgg(), try TestNetworks.residual(), try GraphNetworks.dense(),
      try GraphNetworks.preactivation(), try GraphNetworks.preactivation(.relu6), try GraphNetworks.writtenOutSiLU(),
    ]
    for kind in GraphNetworks.GateKind.allCases { networks.append(try GraphNetworks.gated(kind)) }
    for (_, layers) in GraphCanonizerTests.merged + GraphCanonizerTests.kept {
      networks.append(try GraphNetworks.afterNorm(layers()))
    }
    for network in networks { try check(network, input, network.name) }
  }

  // MARK: Batch norms and fully connected layers of several axes

  /// Rows `(N, C, L)`: a convolution over L, then layers; classes at the end.
  private func rows(_ inputRank: Int? = nil, _ add: (inout NetworkBuilder) throws -> Void) throws -> Network {
    var net = NetworkBuilder(name: "rows", inputRank: inputRank)
    try add(&net)
    net.add("flatten", Flatten())
    return try net.build()
  }

  private static func rowConvolution() throws -> Convolution {
    try Convolution(
      geometry: ConvolutionGeometry(rank: 1, padding: 1), weight: .random([4, 4, 3], seed: 1, layout: .rowMajor),
      bias: .random([4], seed: 2))
  }

  private static let rowInput = Tensor.random([2, 4, 8], seed: 9)

  @Test("a batch norm over C before a fully connected layer over L, a multiple of C")
  func normBeforeRows() throws {
    for layers in [[TestNetworks.relu], []] as [[any Layer]] {
      let network = try rows { net in
        net.add("conv", try Self.rowConvolution())
        net.add("act", ActivationLayer(.gelu()))
        net.add("norm", try GraphNetworks.norm(4, seed: 3, biased: true, kind: .batchNorm1d))
        for layer in layers { net.add("relu", layer) }
        net.add("linear", try TestNetworks.fullyConnected(8, 5, seed: 4))
      }
      #expect(CanonizerCatalog.needed(by: network).isEmpty)
      try check(network, Self.rowInput, "norm before rows")
    }
  }

  @Test("a batch norm before a fully connected layer behind a flattening of some axes only", arguments: [2, 1])
  func partlyFlattened(_ first: Int) throws {
    // (N, 4, 8, 2) becomes (N, 4, 16), whose last axis is no channels', or (N, 64).
    let network = try rows { net in
      net.add("conv", try TestNetworks.convolution(3, 4, seed: 1))
      net.add("act", ActivationLayer(.gelu()))
      net.add("norm", try GraphNetworks.norm(4, seed: 3, biased: true))
      net.add("relu", TestNetworks.relu)
      net.add("flat", Flatten(first: first))
      net.add("linear", try TestNetworks.fullyConnected(first == 1 ? 64 : 16, 5, seed: 4))
    }
    #expect(CanonizerCatalog.needed(by: network).map(\.name) == (first == 1 ? ["ThresholdBatchNorm"] : []))
    try check(network, .random([2, 3, 8, 2], seed: 8), "partly flattened")
  }

  @Test("a batch norm over C after a fully connected layer over L", arguments: [4, 6])
  func normAfterRows(_ features: Int) throws {
    // With as many features as channels merging would change the output, with others the network would be refused.
    let network = try rows { net in
      net.add("conv", try Self.rowConvolution())
      net.add("relu", TestNetworks.relu)
      net.add("linear", try TestNetworks.fullyConnected(8, features, seed: 4))
      net.add("norm", try GraphNetworks.norm(4, seed: 3, biased: true, kind: .batchNorm1d))
    }
    #expect(CanonizerCatalog.needed(by: network).isEmpty)
    try check(network, Self.rowInput, "norm after rows")
    let sequential = try SequentialMergeBatchNorm().apply(to: network)
    let before = try network.forward(Self.rowInput)[network.output]
    #expect(try sequential.forward(Self.rowInput)[sequential.output].isIdentical(to: before))
    let named = NamedMergeBatchNorm(nameMap: [.init(linear: ["linear"], batchNorm: "norm")])
    let error = #expect(throws: LRPError.self) { _ = try named.apply(to: network) }
    #expect(
      error.map { "\($0)".contains("linear makes the last of 3 axes, norm is over the second; an output (N, C)") }
        == true)
  }

  @Test("behind the transposition that moves its outputs to the channels, it is merged")
  func transposedRows() throws {
    let network = try rows { net in
      net.add("conv", try Self.rowConvolution())
      net.add("relu", TestNetworks.relu)
      net.add("linear", try TestNetworks.fullyConnected(8, 6, seed: 4))
      net.add("move", try Transpose(order: [0, 2, 1]))
      net.add("norm", try GraphNetworks.norm(6, seed: 3, biased: true, kind: .batchNorm1d))
    }
    #expect(CanonizerCatalog.needed(by: network).map(\.name) == ["GraphMergeBatchNorm"])
    try check(network, Self.rowInput, "transposed rows")
  }

  @Test("where fully connected layers come first, the input's axes decide", arguments: [nil, 2, 3])
  func perceptron(_ inputRank: Int?) throws {
    let network = try rows(inputRank) { net in
      net.add("linear", try TestNetworks.fullyConnected(8, 4, seed: 4))
      net.add("norm", try GraphNetworks.norm(4, seed: 3, biased: true, kind: .batchNorm1d))
    }
    #expect(CanonizerCatalog.needed(by: network).map(\.name) == (inputRank == 3 ? [] : ["GraphMergeBatchNorm"]))
    try check(network, inputRank == 3 ? Self.rowInput : .random([2, 8], seed: 1), "perceptron")
  }
}
