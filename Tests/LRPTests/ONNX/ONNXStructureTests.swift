import Foundation
import LRP
import ModelFormats
import NeuralNetwork
import Tensors
import Testing

/// Networks that move, repeat and cut what they compute, as torch's exporters write them.
struct ONNXStructureTests {
  private static let formats = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/formats").path

  static let files: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: formats + "/onnx_structure")) ?? []
    return names.filter { $0.hasSuffix(".onnx") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test func fixturesAreThere() { #expect(Self.files.count >= 60) }

  /// The largest difference, as a part of the largest number.
  private func distance(_ found: Tensor, _ expected: Tensor) -> Float {
    guard found.shape == expected.shape else { return .infinity }
    let (a, b) = (found.rowMajorElements(), expected.rowMajorElements())
    return (zip(a, b).map { abs($0 - $1) }.max() ?? 0) / max(b.map(abs).max() ?? 0, .leastNormalMagnitude)
  }

  /// Outputs as onnxruntime has them, of any batch; the gradient and the relevance of zennit.
  @Test(arguments: files)
  func likeZennit(_ file: String) throws {
    let results = try SafetensorsFile(path: Self.formats + "/onnx_structure/results.safetensors")
    let name = String(
      file[..<(file.range(of: "_old") ?? file.range(of: "_new") ?? file.startIndex..<file.endIndex).lowerBound])
    let network = try ONNXFile(path: "\(Self.formats)/onnx_structure/\(file).onnx")
      .network(inputShape: [1, 3, 8, 7])
    func expected(_ what: String) throws -> Tensor {
      try results.tensor("\(name).\(what)").converted(to: .channelsLast)
    }
    let input = try expected("input")
    #expect(try distance(network.forward(input)[network.output], expected("output")) < 1e-5)
    let gradient = try Gradient(Assignment(gradientOf: network)).attribute(input, .output).relevance
    #expect(try distance(gradient, expected("gradient")) < 1e-5)
    // Means that are no modules are pooling here, whose rule zennit does not give them.
    guard !["squeeze_excite", "permuted_mean", "squeezed"].contains(name) else { return }
    var options = PresetOptions()
    options.canonizers = []
    let relevance = try Gradient(network, composite: Preset.epsilonPlusFlat.composite(options))
      .attribute(input, .output).relevance
    #expect(try distance(relevance, expected("relevance")) < 1e-4)
  }

  /// Files after public reports of what others could not read, with onnxruntime's output and zennit's relevance.
  @Test(arguments: ["case03", "case05", "case06", "case10", "case38"])
  func reportedFiles(_ name: String) throws {
    let path = Self.formats + "/onnx_cases/\(name)"
    let network = try ONNXFile(path: path + ".onnx").network()
    let input = try NPYFile.read(path + ".npy")
    let results = try SafetensorsFile(path: path + ".safetensors")
    let expected = try results.tensor("output")
    #expect(try distance(network.forward(input)[network.output], expected) < 1e-4)
    guard results.entries.contains(where: { $0.name == "relevance" }) else { return }
    var options = PresetOptions()
    options.canonizers = []
    let relevance = try Gradient(network, composite: Preset.epsilonPlusFlat.composite(options))
      .attribute(input, .logit(.top1)).relevance
    #expect(try distance(relevance, results.tensor("relevance").converted(to: .channelsLast)) < 1e-4)
  }
}
