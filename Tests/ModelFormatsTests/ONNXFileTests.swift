import Foundation
import ModelFormats
import NeuralNetwork
import ONNXProto
import SwiftProtobuf
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

  /// Rules are chosen by path, and canonizers go by the number of axes.
  @Test(arguments: ["onnx", "onnx_operators"])
  func everyPathHasOneKindAndEveryNodeItsAxes(_ folder: String) throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: fixture(folder)).filter { $0.hasSuffix(".onnx") }
    let results = try SafetensorsFile(path: fixture("\(folder)/results.safetensors"))
    for file in files {
      let network = try ONNXFile(path: fixture("\(folder)/\(file)")).network()
      for (path, nodes) in Dictionary(grouping: network.nodes, by: \.path) {
        #expect(Set(nodes.map(\.layer.kind)).count == 1, "\(file), \(path)")
      }
      let shapes = try network.shapes(forInput: results.tensor("\(file.dropLast(5)).input").shape)
      #expect(network.ranks == shapes.map(\.rank), "\(file)")
    }
  }

  /// The mean over pixels without its axes, as `x.mean((2, 3))`; the scaled activations.
  @Test func helpersHavePathsOfTheirOwn() throws {
    func nodes(_ name: String, in folder: String = "onnx_operators") throws -> [(name: String, kind: LayerKind)] {
      try ONNXFile(path: fixture("\(folder)/\(name).onnx")).network().nodes.dropFirst().map { ($0.path, $0.layer.kind) }
    }
    let mean = try nodes("reducemean_0_13")
    #expect(mean.map(\.kind) == [.adaptiveAvgPool2d, .flatten])
    #expect(mean[1].name == mean[0].name + ".flatten")
    let sigmoid = try nodes("hardsigmoid_9")
    #expect(sigmoid.map(\.kind) == [.batchNorm2d, .hardtanh] && sigmoid[0].name == sigmoid[1].name + ".scale")
    let selu = try nodes("selu_scaled", in: "onnx")
    #expect(selu.map(\.kind) == [.elu, .batchNorm2d] && selu[1].name == selu[0].name + ".scale")
    // `x − tanh(x)` has a name.
    #expect(try nodes("sub_both_13").map(\.kind) == [.tanhshrink])
  }

  /// What is computed from the picture stays a floating-point number.
  @Test func conversionsToIntegersAreRefused() throws {
    func model(_ type: Int) -> Onnx_ModelProto {
      var model = Onnx_ModelProto()
      model.opsetImport = [.with { $0.version = 17 }]
      model.graph.input = [
        .with {
          $0.name = "x"
          $0.type.tensorType.elemType = 1
          $0.type.tensorType.shape.dim = [1, 3, 4, 4].map { extent in .with { $0.dimValue = extent } }
        }
      ]
      model.graph.node = [
        .with {
          $0.name = "relu"
          $0.opType = "Relu"
          $0.input = ["x"]
          $0.output = ["r"]
        },
        .with {
          $0.name = "round"
          $0.opType = "Cast"
          $0.input = ["r"]
          $0.output = ["y"]
          $0.attribute = [
            .with {
              $0.name = "to"
              $0.type = .int
              $0.i = Int64(type)
            }
          ]
        },
      ]
      model.graph.output = [.with { $0.name = "y" }]
      return model
    }
    let folder = try TemporaryFolder()
    for (type, name) in [(7, "INT64"), (9, "BOOL"), (2, "UINT8"), (8, "STRING"), (99, "an unknown type")] {
      let path = try folder.file(model(type).serializedData(), "cast.onnx")
      let text = try message { _ = try ONNXFile(path: path).network() }
      #expect(text.contains("round") && text.contains("to \(name)"), "\(text)")
    }
    for type in [1, 10, 11, 16] {
      let path = try folder.file(model(type).serializedData(), "cast.onnx")
      #expect(try ONNXFile(path: path).network().nodes.map(\.layer.kind) == [.input, .relu])
    }
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
