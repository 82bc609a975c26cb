import FileSystem
import Foundation
import ModelFormats
import NeuralNetwork
import ONNXProto
import Tensors
import Testing

/// Models that reach for more than they should. Damage of every sort is what `HostileTests` is about.
struct HostileONNXTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: fixture("onnx/\(name)")))
  }

  /// An error of ours or a network.
  private func tryReading(_ data: Data) throws -> Bool {
    // Not flushed to the disk, unlike what folder.file writes: there are hundreds.
    let path = folder.path + "/model.onnx"
    try data.write(to: URL(fileURLWithPath: path))
    do {
      _ = try ONNXFile(path: path).network()
      return true
    } catch is ModelFormatError {
    } catch is FileError {
    }
    return false
  }

  /// Replaces a text of the file by another of the same length.
  private func replacing(_ text: String, _ other: String, in name: String) throws -> Data {
    var data = try data(name)
    #expect(text.utf8.count == other.utf8.count)
    while let range = data.range(of: Data(text.utf8)) { data.replaceSubrange(range, with: Data(other.utf8)) }
    return data
  }

  @Test func externalDataStayInTheFolder() throws {
    try data("external.data").write(to: URL(fileURLWithPath: folder.path + "/external.data"))
    #expect(try tryReading(data("external.onnx")))
    for location in ["/etc//passwd/", "../secret.txt", "a/../../etc/p", ".././../../pp"] {
      let path = try folder.file(replacing("external.data", location, in: "external.onnx"), "model.onnx")
      let text = try message { _ = try ONNXFile(path: path).network() }
      #expect(text.contains("a file in the model's own folder"))
    }
    // A link out of the folder.
    let outside = try TemporaryFolder()
    let target = try outside.file(data("external.data"), "target")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/external.link", withDestinationPath: target)
    let path = try folder.file(replacing("external.data", "external.link", in: "external.onnx"), "model.onnx")
    #expect(try message { _ = try ONNXFile(path: path).network() }.contains("are not followed"))
    // A file that is not there, and one that is too short.
    let missing = try folder.file(replacing("external.data", "external.none", in: "external.onnx"), "model.onnx")
    #expect(
      try message { _ = try ONNXFile(path: missing).network() }
        .contains("tensor 'w': found no file 'external.none', expected the external data in the model's folder"))
    try data("external.data").dropLast().write(to: URL(fileURLWithPath: folder.path + "/external.data"))
    #expect(try !tryReading(data("external.onnx")))
    // Which of the two files is wrong cannot be told: both are named.
    let model = try folder.file(data("external.onnx"), "model.onnx")
    let text = try message { _ = try ONNXFile(path: model).network() }
    for word in ["model.onnx", "'external.data', which has", "get both anew"] {
      #expect(text.contains(word), "\(text)")
    }
  }

  @Test func operatorsThatAreMissingAreNamed() throws {
    let path = try folder.file(replacing("HardSwish", "HardSwash", in: "hardswish.onnx"), "model.onnx")
    let text = try message { _ = try ONNXFile(path: path).network() }
    #expect(text.contains("'HardSwash_0' (HardSwash): lrp does not support this operator; write"))
  }

  @Test func theLengthOfExternalDataIsChecked() throws {
    try data("external.data").write(to: URL(fileURLWithPath: folder.path + "/external.data"))
    let whole = try Onnx_ModelProto(serializedBytes: data("external.onnx"))
    for (key, value) in [
      ("offset", "-4"), ("offset", "9223372036854775807"), ("offset", "99999999999999999999"), ("offset", "1e3"),
      ("offset", "4096"), ("length", "-1"), ("length", "9223372036854775807"), ("length", "431"), ("location", ""),
      ("location", "."), ("location", "/"), ("location", "./../model.onnx"),
    ] {
      var model = whole
      model.graph.initializer[0].externalData.removeAll { $0.key == key }
      var entry = Onnx_StringStringEntryProto()
      (entry.key, entry.value) = (key, value)
      model.graph.initializer[0].externalData.append(entry)
      #expect(try !tryReading(model.serializedData()), "\(key) \(value)")
    }
  }

  /// Operators with the attribute that gets a number without measure, and whether that is a list.
  private static let attributes: [(String, String, Bool)] = [
    ("Softmax", "axis", false), ("LogSoftmax", "axis", false), ("Concat", "axis", false), ("Flatten", "axis", false),
    ("Split", "axis", false), ("LayerNormalization", "axis", false), ("Transpose", "perm", true),
    ("Squeeze", "axes", true), ("Unsqueeze", "axes", true), ("Pad", "pads", true), ("Slice", "starts", true),
    ("ReduceMean", "axes", true), ("MaxPool", "kernel_shape", true), ("LRN", "size", false), ("LpPool", "p", false),
    ("Conv", "group", false), ("Conv", "dilations", true), ("Conv", "strides", true),
    ("ConvTranspose", "output_padding", true), ("Gather", "axis", false),
  ]

  private static let numbers: [Int64] = [
    Int64.min, Int64.min + 1, Int64.min + 3, Int64.max, Int64.max - 1, 4_611_686_018_427_387_904, -1, 99,
  ]

  /// Numbers in attributes at which arithmetic overflows.
  @Test(arguments: numbers)
  func numbersWithoutMeasure(_ number: Int64) throws {
    for (operation, name, isList) in Self.attributes {
      for version: Int64 in [9, 12, 17] {
        let model = Self.model(operation, name, number, isList: isList, version)
        _ = try tryReading(model.serializedData())
      }
    }
  }

  /// One operator on a picture, with an attribute.
  private static func model(
    _ operation: String, _ name: String, _ number: Int64, isList: Bool, _ version: Int64
  ) -> Onnx_ModelProto {
    var input = Onnx_ValueInfoProto()
    input.name = "x"
    for extent: Int64 in [1, 2, 4, 4] {
      var dimension = Onnx_TensorShapeProto.Dimension()
      dimension.dimValue = extent
      input.type.tensorType.shape.dim.append(dimension)
    }
    var weight = Onnx_TensorProto()
    (weight.name, weight.dims, weight.dataType, weight.floatData) = ("w", [2, 2, 1, 1], 1, [1, 2, 3, 4])
    var list = Onnx_TensorProto()
    (list.name, list.dims, list.dataType, list.int64Data) = ("n", [1], 7, [number])
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    if isList { attribute.ints = [number, number, 1, 1] } else { attribute.i = number }
    var node = Onnx_NodeProto()
    node.opType = operation
    node.input = ["x", operation.hasPrefix("Conv") ? "w" : "n"]
    node.output = ["y"]
    node.attribute = [attribute]
    var output = Onnx_ValueInfoProto()
    output.name = "y"
    var operators = Onnx_OperatorSetIdProto()
    operators.version = version
    var model = Onnx_ModelProto()
    model.opsetImport = [operators]
    model.graph.input = [input]
    model.graph.output = [output]
    model.graph.initializer = [weight, list]
    model.graph.node = [node]
    return model
  }

  @Test func valuesAreComputedOnce() throws {
    var model = try Onnx_ModelProto(serializedBytes: data("relu.onnx"))
    model.graph.node.append(model.graph.node[0])
    let path = try folder.file(model.serializedData(), "model.onnx")
    #expect(try message { _ = try ONNXFile(path: path).network() }.contains("it computes 'y', which is there already"))
  }

  @Test func quantizedModelsAreNamed() throws {
    var model = try Onnx_ModelProto(serializedBytes: data("relu.onnx"))
    model.graph.node[0].opType = "QLinearConv"
    let path = try folder.file(model.serializedData(), "model.onnx")
    #expect(try message { _ = try ONNXFile(path: path).network() }.contains("lrp does not read quantized networks"))
  }

  /// Parameters that are all the same take nothing before the network is run.
  @Test func uniformParametersAreNotStored() throws {
    let network = try ONNXFile(path: fixture("onnx/uniform.onnx")).network()
    let layer = try #require(network.nodes[1].layer as? Convolution)
    #expect(layer.weight.unstoredElement == 0.25)
    _ = try network.forward(Tensor([1, 3, 4, 4], filledWith: 1))
    #expect(layer.weight.rowMajorElements() == [Float](repeating: 0.25, count: 2 * 3 * 3 * 3))
  }

  @Test func otherFilesAreNoModels() throws {
    for file in ["types.safetensors", "types.pth", "types_legacy.pth", "scalar.npy"] {
      #expect(throws: ModelFormatError.self) { try ONNXFile(path: fixture(file)).network() }
    }
    #expect(try !tryReading(Data()))
  }

  @Test func messagesThatWouldFillTheMemory() throws {
    // Ten million empty nodes in twenty megabytes.
    var nodes = Data()
    for _ in 0..<10_000_000 { nodes.append(contentsOf: [0x0a, 0]) }
    var length = nodes.count
    var file = Data([0x3a])
    while length > 0x7f {
      file.append(UInt8(length & 0x7f) | 0x80)
      length >>= 7
    }
    file.append(UInt8(length))
    let path = try folder.file(file + nodes)
    #expect(try message { _ = try ONNXFile(path: path) }.contains("more parts than its"))
  }
}
