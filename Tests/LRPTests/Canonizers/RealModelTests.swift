import Foundation
import LRP
import ModelFormats
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

/// Models that were not made for these tests: a part of `Tests/Acceptance` that needs no network connection.
struct RealModelTests {
  private static let formats = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/formats").path

  /// Explains the logits of the strongest class; the ledger of the whole network adds up.
  private func explain(_ network: Network, _ input: Tensor, _ canonizers: [any Canonizer]) throws -> Attribution {
    var options = PresetOptions()
    options.canonizers = canonizers
    let composite = try Preset.epsilonPlus.composite(options)
    let result = try Gradient(composite.apply(to: network), keepsLedger: true).attribute(input, .logit(.top1))
    let entries = try #require(result.ledger).entries
    let largest = entries.map { abs($0.outgoing[0]) }.max() ?? 0
    let start = try #require(entries.last).outgoing[0]
    let spent = entries.reduce(0) { $0 + $1.bias[0] + $1.stabilizer[0] + $1.other[0] }
    #expect(abs(start - spent - result.relevance.sum()) < 1e-5 * largest)
    return result
  }

  @Test(
    "classics from the package onnx: outputs as stored, ledgers without a rest",
    arguments: [
      ("densenet121", ["GraphMergeBatchNorm", "ThresholdBatchNorm"]),
      ("shufflenet", ["GraphMergeBatchNorm", "ResidualSums"]), ("squeezenet", []),
    ])
  func classics(_ name: String, _ needed: [String]) throws {
    let network = try ModelZoo.load("\(Self.formats)/light/light_\(name).onnx").network
    let count = 3 * 224 * 224
    let input = Tensor([1, 3, 224, 224], rowMajor: (0..<count).map { Float(Double($0) / Double(count)) })
    let expected = try SafetensorsFile(path: Self.formats + "/light/outputs.safetensors").tensor(name)
    let canonizers = CanonizerCatalog.needed(by: network)
    #expect(canonizers.map(\.name) == needed)
    #expect(try network.forward(input)[network.output].deviation(from: expected) < 1e-5)
    let canonized = try CompositeCanonizer(canonizers).apply(to: network)
    #expect(try canonized.forward(input)[canonized.output].deviation(from: expected) < 1e-4)
    let result = try explain(network, input, canonizers + [LogitOutput()])
    let entries = try #require(result.ledger).entries
    let largest = entries.map { abs($0.outgoing[0]) }.max() ?? 0
    for entry in entries { #expect(abs(entry.other[0]) < 1e-4 * largest, "\(entry.name)") }
  }

  @Test(
    "torchvision's DenseNet, MobileNetV3 and ConvNeXt, small, by both exporters",
    arguments: ["old", "new"],
    [
      ("densenet", ["ThresholdBatchNorm"]), ("mobilenetv3", ["ResidualSums", "SignalTakesAll"]),
      ("convnext", ["GraphMergeBatchNorm", "ResidualSums"]),
    ])
  func exports(_ exporter: String, _ model: (name: String, needed: [String])) throws {
    let name = "\(model.name)_\(exporter)"
    let network = try ModelZoo.load("\(Self.formats)/onnx/\(name).onnx").network
    let file = try SafetensorsFile(path: Self.formats + "/onnx/results.safetensors")
    let input = try file.tensor("\(name).input").converted(to: .channelsLast)
    let canonizers = CanonizerCatalog.needed(by: network)
    #expect(Set(canonizers.map(\.name)).isSuperset(of: model.needed), "\(canonizers.map(\.name))")
    let canonized = try CompositeCanonizer(canonizers).apply(to: network)
    #expect(try canonized.forward(input)[canonized.output].deviation(from: file.tensor("\(name).output")) < 1e-4)
    #expect(CanonizerCatalog.needed(by: canonized).isEmpty)
    #expect(!canonized.nodes.contains { [.add, .product].contains($0.layer.kind) })
    let unmerged = canonized.nodes.compactMap { $0.layer as? any BatchNormalizing }.filter { norm in
      norm.weight.rowMajorElements().contains { $0 != 1 }
        || (norm.bias?.rowMajorElements().contains { $0 != 0 } ?? false)
    }
    #expect(unmerged.isEmpty)
    let result = try explain(network, input, canonizers)
    // What neither biases nor stabilizers explain: layer norms of ConvNeXt only.
    let entries = try #require(result.ledger).entries
    let largest = entries.map { abs($0.outgoing[0]) }.max() ?? 0
    for entry in entries where abs(entry.other[0]) > 1e-3 * largest {
      #expect(entry.kind == .layerNorm, "\(entry.name) \(entry.kind): \(entry.other[0] / largest)")
    }
  }
}
