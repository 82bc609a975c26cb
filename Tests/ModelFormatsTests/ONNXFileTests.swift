import Foundation
import ModelFormats
import NeuralNetwork
import Tensors
import Testing

struct ONNXFileTests {
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: fixture("onnx"))) ?? []
    return files.filter { $0.hasSuffix(".onnx") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test func fixturesAreThere() { #expect(Self.names.count >= 50) }

  /// What onnxruntime computes.
  @Test(arguments: names)
  func computesWhatItShould(_ name: String) throws { try compare(name, in: "onnx") }

  /// Every operator at each operator set that changed it: attributes that became inputs, defaults that changed.
  @Test func everyOperatorAtEveryOperatorSet() throws {
    let folder = "onnx_operators"
    let names = try SafetensorsFile(path: fixture("\(folder)/results.safetensors")).entries.map(\.name)
      .filter { $0.hasSuffix(".output") }.map { String($0.dropLast(".output".count)) }
    #expect(names.count >= 270)
    for name in names {
      do {
        try compare(name, in: folder)
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  private func compare(_ name: String, in folder: String) throws {
    let results = try SafetensorsFile(path: fixture("\(folder)/results.safetensors"))
    let network = try ONNXFile(path: fixture("\(folder)/\(name).onnx")).network()
    let input = try results.tensor("\(name).input").converted(to: .channelsLast)
    let expected = try results.tensor("\(name).output")
    let found = try network.forward(input)[network.output]
    #expect(found.shape == expected.shape)
    let difference = zip(found.rowMajorElements(), expected.rowMajorElements()).map { abs($0 - $1) }.max() ?? 0
    let scale = expected.rowMajorElements().map(abs).max() ?? 0
    #expect(difference <= 2e-6 + 2e-6 * scale, "\(name): off by \(difference)")
  }

  /// Gradients of layers that only ONNX brings: against finite differences.
  @Test(arguments: ["lrn", "layernorm", "groupnorm", "instancenorm", "lppool", "split", "gate", "shuffle", "squeeze"])
  func gradients(_ name: String) throws {
    let results = try SafetensorsFile(path: fixture("onnx/results.safetensors"))
    let network = try ONNXFile(path: fixture("onnx/\(name).onnx")).network()
    let input = try results.tensor("\(name).input").converted(to: .channelsLast)
    let outputs = try network.forward(input)
    var random = SplitMix64(seed: 3)
    func draw(_ shape: Shape) -> Tensor {
      Tensor(shape, rowMajor: (0..<shape.count).map { _ in Float.random(in: -1...1, using: &random) })
    }
    for (index, node) in network.nodes.enumerated().dropFirst() {
      let inputs = node.inputs.map { outputs[$0] }
      let seed = draw(outputs[index].shape)
      let gradients = try node.layer.vjp(seed, inputs: inputs, output: outputs[index])
      for place in inputs.indices {
        #expect(gradients[place].shape == inputs[place].shape)
        let step = draw(inputs[place].shape)
        func moved(_ scale: Float) throws -> Double {
          var shifted = inputs
          shifted[place] = inputs[place].map(with: step) { $0 + scale * $1 }
          return Self.dot(try node.layer.forward(shifted), seed)
        }
        let expected = try (moved(1e-2) - moved(-1e-2)) / 2e-2
        #expect(abs(Self.dot(gradients[place], step) - expected) < 2e-2 * max(1, abs(expected)), "\(node.name)")
      }
    }
  }

  private static func dot(_ left: Tensor, _ right: Tensor) -> Double {
    zip(left.rowMajorElements(), right.rowMajorElements()).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  @Test(arguments: ["torch_old", "torch_new"])
  func modulePathsOfTorchsExporters(_ name: String) throws {
    let network = try ONNXFile(path: fixture("onnx/\(name).onnx")).network()
    // Batch norms are merged by both exporters.
    let expected = [
      "input", "stem.0", "stem.1", "stem.2", "layer1.0.conv1", "layer1.0.relu", "layer1.0.conv2", "layer1.0.add",
      "layer1.0.relu#2", "layer1.1.conv1", "layer1.1.relu", "layer1.1.conv2", "layer1.1.add", "layer1.1.relu#2",
      "avgpool", name == "torch_old" ? "flatten" : "view", "classifier.1",
    ]
    #expect(network.nodes.map(\.name) == expected)
    #expect(network.nodes.map(\.layer.kind).suffix(3) == [.adaptiveAvgPool2d, .flatten, .fullyConnected])
  }

  @Test func layersAreRecognized() throws {
    func kinds(_ name: String) throws -> [LayerKind] {
      try ONNXFile(path: fixture("onnx/\(name).onnx")).network().nodes.dropFirst().map(\.layer.kind)
    }
    #expect(try kinds("silu") == [.silu])
    #expect(try kinds("gelu_half_first") == [.gelu] && kinds("gelu_half_last") == [.gelu])
    #expect(try kinds("matmul_add") == [.fullyConnected])
    #expect(try kinds("shape_subgraph") == [.flatten])
    #expect(try kinds("clip_old") == [.relu6])
    #expect(try kinds("gate") == [.adaptiveAvgPool2d, .conv2d, .sigmoid, .product])
    #expect(try kinds("shuffle") == [.reshape, .transpose, .reshape])
  }

  @Test func theBatchIsFree() throws {
    let network = try ONNXFile(path: fixture("onnx/torch_old.onnx")).network()
    let output = try network.forward(Tensor.zeros([3, 3, 14, 14]))[network.output]
    #expect(output.shape == [3, 3])
  }
}
