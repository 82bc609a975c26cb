import Foundation
import ModelFormats
import NeuralNetwork
import ONNXProto
import SwiftProtobuf
import Tensors
import Testing

/// Constants that are computed when a model is opened.
struct ONNXFoldingTests {
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: fixture("onnx_folding"))) ?? []
    return files.filter { $0.hasSuffix(".onnx") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test func fixturesAreThere() { #expect(Self.names.count >= 250) }

  /// Each operator against onnxruntime: the input times all numbers of what is computed.
  @Test func everyOperator() throws {
    let results = try SafetensorsFile(path: fixture("onnx_folding/results.safetensors"))
    for name in Self.names {
      do {
        let network = try ONNXFile(path: fixture("onnx_folding/\(name).onnx")).network()
        #expect(network.nodes.map(\.layer.kind) == [.input, .fullyConnected], "\(name)")
        let found = try network.forward(results.tensor("\(name).input"))[network.output]
        let expected = try results.tensor("\(name).output")
        #expect(found.shape == expected.shape, "\(name)")
        let (a, b) = (found.rowMajorElements(), expected.rowMajorElements())
        let difference = zip(a, b).map { abs($0 - $1) }.max() ?? 0
        #expect(difference <= 1e-5 * (b.map(abs).max() ?? 0), "\(name): off by \(difference)")
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  /// Pooling whose windows torch's exporter writes out is one layer again.
  @Test(arguments: ["uneven_pool_new18", "uneven_pool_new18_free", "uneven_pool_wide_new18"])
  func unevenPooling(_ name: String) throws {
    let network = try ONNXFile(path: fixture("onnx_structure/\(name).onnx")).network()
    #expect(
      network.nodes.map(\.layer.kind) == [.input, .conv2d, .relu, .adaptiveAvgPool2d, .flatten, .fullyConnected])
  }

  // MARK: Models of a few nodes

  private func node(
    _ operation: String, _ inputs: [String], _ outputs: [String], _ attributes: [Onnx_AttributeProto] = []
  ) -> Onnx_NodeProto {
    .with {
      $0.opType = operation
      $0.name = "\(operation)_\(outputs.first ?? "")"
      $0.input = inputs
      $0.output = outputs
      $0.attribute = attributes
    }
  }

  private func branch(_ name: String, _ nodes: [Onnx_NodeProto], output: String) -> Onnx_AttributeProto {
    .with {
      $0.name = name
      $0.type = .graph
      $0.g.node = nodes
      $0.g.output = [.with { $0.name = output }]
    }
  }

  private func integers(_ name: String, _ numbers: [Int64], shape: [Int64]? = nil) -> Onnx_TensorProto {
    .with {
      $0.name = name
      $0.dataType = 7
      $0.dims = shape ?? [Int64(numbers.count)]
      $0.int64Data = numbers
    }
  }

  private func network(_ nodes: [Onnx_NodeProto], _ constants: [Onnx_TensorProto] = []) throws -> Network {
    var model = Onnx_ModelProto()
    model.opsetImport = [.with { $0.version = 17 }]
    model.graph.input = [
      .with {
        $0.name = "x"
        $0.type.tensorType.elemType = 1
        $0.type.tensorType.shape.dim = [1, 3, 4, 4].map { extent in .with { $0.dimValue = extent } }
      }
    ]
    model.graph.output = [.with { $0.name = "y" }]
    model.graph.node = nodes
    model.graph.initializer = constants
    let folder = try TemporaryFolder()
    return try ONNXFile(path: folder.file(model.serializedData(), "model.onnx")).network()
  }

  private func kinds(_ nodes: [Onnx_NodeProto], _ constants: [Onnx_TensorProto] = []) throws -> [LayerKind] {
    try network(nodes, constants).nodes.dropFirst().map(\.layer.kind)
  }

  /// The branch is the one that the shape of the picture says; what it reads of the graph around it is there; names that
  /// both branches have do no harm.
  @Test(arguments: [3, 4])
  func branchesWhoseConditionIsKnown(_ extent: Int64) throws {
    let inner = branch(
      "else_branch", [node("Tanh", ["r"], ["b"]), node("Sigmoid", ["b"], ["c"])], output: "c")
    let nested = node("If", ["no"], ["a"], [branch("then_branch", [node("Elu", ["r"], ["e"])], output: "e"), inner])
    let nodes = [
      node("Relu", ["x"], ["r"]), node("Shape", ["r"], ["s"]), node("Gather", ["s", "two"], ["h"]),
      node("Equal", ["h", "extent"], ["is"]), node("Not", ["yes"], ["no"]),
      node(
        "If", ["is"], ["y"],
        [
          branch("then_branch", [nested], output: "a"),
          branch("else_branch", [node("Softplus", ["r"], ["a"])], output: "a"),
        ]),
    ]
    let constants = [
      integers("two", [2], shape: []), integers("extent", [extent], shape: []), integers("yes", [1], shape: []),
    ]
    let expected: [LayerKind] = extent == 4 ? [.relu, .tanh, .sigmoid] : [.relu, .softplus]
    #expect(try kinds(nodes, constants) == expected)
  }

  /// A branch that hands on what is computed outside of it.
  @Test func branchesWithoutNodes() throws {
    let nodes = [
      node("Relu", ["x"], ["r"]),
      node("If", ["yes"], ["o"], [branch("then_branch", [], output: "r"), branch("else_branch", [], output: "x")]),
      node("Tanh", ["o"], ["y"]),
    ]
    #expect(try kinds(nodes, [integers("yes", [1], shape: [])]) == [.relu, .tanh])
  }

  /// What is computed later in the file is no fault, but a circle is.
  @Test func nodesInAnyOrder() throws {
    #expect(try kinds([node("Tanh", ["r"], ["y"]), node("Relu", ["x"], ["r"])]) == [.relu, .tanh])
    let circle = [node("Add", ["x", "b"], ["a"]), node("Relu", ["a"], ["b"]), node("Tanh", ["b"], ["y"])]
    let text = try message { _ = try network(circle) }
    #expect(text.contains("a circle of nodes") && text.contains("not sound"), "\(text)")
  }

  /// What lrp lacks is called that; what no program could read is called unsound.
  @Test func messagesSayWhoseFaultItIs() throws {
    func text(_ nodes: [Onnx_NodeProto], _ constants: [Onnx_TensorProto] = []) throws -> String {
      try message { _ = try network(nodes, constants) }
    }
    let body = branch("body", [node("Relu", ["x"], ["i"])], output: "i")
    let choice = [branch("then_branch", [], output: "x"), branch("else_branch", [], output: "x")]
    for (found, words) in [
      (try text([node("Loop", ["", "", "x"], ["y"], [body])]), "'Loop_y' (Loop): lrp does not read loops"),
      (try text([node("If", ["x"], ["y"], choice)]), "which branch it takes depends on the picture"),
      (try text([node("ArgMax", ["x"], ["y"])]), "it gives places, not scores"),
      (try text([node("Relu", ["x"], ["r"]), node("MatMul", ["x", "r"], ["y"])]), "as attention does"),
      (
        try text([node("Slice", ["x", "zero", "one", "zero"], ["y"])], [integers("zero", [0]), integers("one", [1])]),
        "it slices the batch"
      ),
      (
        try text(
          [node("Conv", ["c", "c"], ["a"]), node("Add", ["x", "a"], ["y"])], [integers("c", [1], shape: [1, 1, 1])]),
        "lrp does not compute Conv of constants"
      ),
    ] {
      #expect(found.contains(words), "\(found)")
      #expect(!found.contains("sound") && !found.contains("corrupt") && !found.contains("checker"), "\(found)")
    }
    for (found, words) in [
      (try text([node("Relu", ["nothing"], ["y"])]), "it reads 'nothing', which no node computes"),
      (try text([node("Reshape", ["x", "s"], ["y"])], [integers("s", [1, 5])]), "which has another count"),
    ] {
      #expect(found.contains(words) && found.contains("the graph is not sound"), "\(found)")
    }
  }

  /// The module that an exporter tells stands beside the node's name.
  @Test func messagesNameTheModule() throws {
    var missing = node("Det", ["x"], ["y"])
    missing.name = "/layer1/layer1.0/Det"
    #expect(
      try message { _ = try network([missing]) }.contains("node '/layer1/layer1.0/Det' (Det) in module 'layer1.0':"))
  }

  /// What is computed with constants is bounded in memory and time.
  @Test func bombsAreRefused() throws {
    let big = integers("big", [1 << 20, 1 << 12])
    let one = Onnx_TensorProto.with {
      ($0.name, $0.dims, $0.dataType, $0.floatData) = ("one", [1, 1], 1, [1])
    }
    for nodes in [
      [node("Tile", ["one", "big"], ["t"])],
      [node("Expand", ["one", "big"], ["e"]), node("CumSum", ["e", "zero"], ["t"])],
      [node("Expand", ["n", "big"], ["t"])],
      [node("Range", ["zero", "far", "n"], ["t"])],
    ] {
      let constants = [
        big, one, integers("zero", [0], shape: []), integers("n", [1], shape: []),
        integers("far", [1 << 40], shape: []),
      ]
      let all = nodes + [node("ReduceMax", ["t"], ["m"]), node("Add", ["x", "m"], ["y"])]
      let text = try message { _ = try network(all, constants) }
      #expect(text.contains("memory") || text.contains("2^30 steps"), "\(text)")
    }
  }
}
