import Foundation
import ModelFormats
import NeuralNetwork
import Tensors
import Testing

/// Operators that are functions in a network's code, at each operator set that changed them, against onnxruntime.
struct ONNXFunctionsTests {
  @Test func everyOperatorAtEveryOperatorSet() throws {
    let file = try SafetensorsFile(path: fixture("onnx_functions.safetensors"))
    let names = file.entries.map(\.name).filter { $0.hasSuffix(".model") }.map { String($0.dropLast(6)) }
    #expect(names.count >= 350)
    let folder = try TemporaryFolder()
    for name in names {
      do {
        let bytes = try file.tensor("\(name).model").rowMajorElements().map { UInt8($0) }
        // Not flushed to the disk: there are hundreds.
        let path = folder.path + "/\(name).onnx"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try compare(name, ONNXFile(path: path), file)
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  private func compare(_ name: String, _ model: ONNXFile, _ file: SafetensorsFile) throws {
    let expected = try file.tensor("\(name).output")
    let extents = [expected.shape.batch] + model.input.extents.dropFirst().map { $0 ?? 0 }
    let input = try file.tensor("input." + extents.map(String.init).joined(separator: "x")).converted(to: .channelsLast)
    let network = try model.network()
    let outputs = try network.forward(input)
    let found = outputs[network.output]
    #expect(found.shape == expected.shape, "\(name)")
    let difference = zip(found.rowMajorElements(), expected.rowMajorElements()).map { abs($0 - $1) }.max() ?? 0
    let scale = expected.rowMajorElements().map(abs).max() ?? 0
    #expect(difference <= 1e-5 * max(scale, 1e-3), "\(name): off by \(difference)")
    // Shapes are announced, and rules and canonizers find what they go by.
    #expect(try network.shapes(forInput: input.shape) == outputs.map(\.shape), "\(name)")
    #expect(network.ranks == outputs.map(\.shape.rank), "\(name)")
    for (path, nodes) in Dictionary(grouping: network.nodes, by: \.path) {
      #expect(Set(nodes.map(\.layer.kind)).count == 1, "\(name), \(path)")
    }
  }
}
