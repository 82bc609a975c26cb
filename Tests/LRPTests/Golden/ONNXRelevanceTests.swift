import Foundation
import LRP
import ModelFormats
import NeuralNetwork
import Tensors
import Testing

/// One network by both of torch's exporters, at several operator sets, gets the relevance that zennit computes for it.
struct ONNXRelevanceTests {
  private static let path = GoldenFiles.folder.deletingLastPathComponent().appending(
    path: "formats/onnx_relevance.safetensors"
  ).path

  static let models: [String] = {
    let names = try? SafetensorsFile(path: path).entries.map(\.name)
    return (names ?? []).filter { $0.hasSuffix(".model") }.map { String($0.dropLast(6)) }.sorted()
  }()

  @Test func fixturesAreThere() { #expect(Self.models.count >= 80) }

  @Test(arguments: models)
  func outputAndRelevance(_ model: String) throws {
    let file = try SafetensorsFile(path: Self.path)
    let name = model.split(separator: "_").dropLast(2).joined(separator: "_")
    let network = try Self.network(file, model)
    let input = try file.tensor("\(name).input").converted(to: .channelsLast)
    let output = try network.forward(input)[network.output]
    #expect(output.deviation(from: try file.tensor("\(name).output")) < 1e-5)
    for (rule, composite) in [("none", nil), ("epsilon_plus", try Preset.epsilonPlus.composite(PresetOptions()))] {
      let attributor = try composite.map { try Gradient(network, composite: $0) } ?? Gradient(network)
      guard let expected = try? file.tensor("\(name).\(rule)") else { continue }
      let gap = try attributor.attribute(input, .logit(.top1)).relevance.deviation(from: expected)
      #expect(gap < 1e-4, "\(rule): off by \(gap); \(network.nodes.map { "\($0.path) \($0.layer.kind.rawValue)" })")
    }
    if let gated = try? file.tensor("\(name).gated") {
      var options = PresetOptions()
      options.canonizers = [SignalTakesAll()]
      let composite = try Preset.epsilonPlus.composite(options)
      let relevance = try Gradient(composite.apply(to: network)).attribute(input, .logit(.top1)).relevance
      #expect(relevance.deviation(from: gated) < 1e-4)
    }
    // A batch is its samples.
    let batch = Tensor.stacked([input, input.map { 0.5 - $0 }])
    let both = try network.forward(batch)
    let relevance = try Gradient(network).attribute(batch, .logit(.top1)).relevance
    #expect(both[network.output].sample(0).deviation(from: output) < 1e-5)
    #expect(relevance.sample(0).deviation(from: try file.tensor("\(name).none")) < 1e-4)
  }

  static func network(_ file: SafetensorsFile, _ model: String) throws -> Network {
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString).onnx"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(file.tensor("\(model).model").rowMajorElements().map { UInt8($0) }).write(to: URL(fileURLWithPath: path))
    return try ONNXFile(path: path).network()
  }
}
