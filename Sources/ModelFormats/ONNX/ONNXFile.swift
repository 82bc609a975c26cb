import FileSystem
import Foundation
import NeuralNetwork
import ONNXProto
import SwiftProtobuf
import Tensors

/// An ONNX model of an image classifier: operator sets 9 to 25, tensors inside or in files beside it.
///
/// Format: https://onnx.ai/onnx/repo-docs/IR.html, operators: https://onnx.ai/onnx/operators/.
public struct ONNXFile: Sendable {
  public let path: String
  /// The version of the standard operators.
  public let operatorSet: Int
  /// The program that wrote the file, such as `pytorch 2.15.0`.
  public let producer: String
  /// Name and extents of the network's input; `nil` where the file leaves an extent open.
  public let input: (name: String, extents: [Int?])
  /// The type of the input's numbers; `nil` for one that pictures do not have.
  public let inputType: ElementType?
  /// In the order of the file; at least one.
  public let outputs: [ONNXOutput]
  private let graph: Onnx_GraphProto
  private let budget: ONNXBudget

  public static let operatorSets = 9...25

  /// Reads the model, but makes no network of it yet.
  /// - Throws: `FileError` if the file cannot be read, ``ModelFormatError`` if it is not sound.
  public init(path: String) throws {
    let file = try MappedFile(path: path)
    if let kind = FileKind(file, isWeights: false) { throw kind.error(file: path, expected: "an ONNX model") }
    budget = ONNXBudget(path: path, fileSize: file.count, messages: try ONNXScan.check(file))
    func malformed(_ found: String, _ expected: String, _ advice: String) -> ModelFormatError {
      .malformed(file: path, found: found, expected: expected, advice: advice)
    }
    let model: Onnx_ModelProto
    do {
      model = try withExtendedLifetime(file) {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        guard let start = file.bytes.baseAddress else { return Onnx_ModelProto() }
        let data = Data(bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: file.count, deallocator: .none)
        return try Onnx_ModelProto(serializedBytes: data, options: options)
      }
    } catch {
      throw malformed("bytes that do not parse (\(error))", "an ONNX model", "export or get it anew")
    }
    guard model.hasGraph, !model.graph.node.isEmpty else {
      throw malformed("no graph", "an ONNX model", "export or get it anew")
    }
    func unsupported(_ problem: String, _ advice: String) -> ModelFormatError {
      .unsupported(file: path, problem: problem, advice: advice)
    }
    guard let version = model.opsetImport.last(where: { $0.domain.isEmpty || $0.domain == "ai.onnx" })?.version else {
      if model.opsetImport.contains(where: { $0.domain.hasPrefix("ai.onnx.ml") }) {
        throw unsupported(
          "it holds a model of classical machine learning (ai.onnx.ml)",
          "lrp explains neural networks, not trees and others")
      }
      throw malformed("no operator set", "one for ONNX's own operators", "check the model with onnx.checker")
    }
    guard Self.operatorSets.contains(Int(version)) else {
      throw unsupported(
        "it is written for operator set \(version), and lrp reads \(Self.operatorSets.lowerBound) to"
          + " \(Self.operatorSets.upperBound)", "export with opset_version=18, or convert with onnx.version_converter")
    }
    self.path = path
    operatorSet = Int(version)
    producer = printable(model.producerName + (model.producerVersion.isEmpty ? "" : " " + model.producerVersion))
    graph = model.graph
    let initialized = Set(graph.initializer.map(\.name))
    let inputs = graph.input.filter { !initialized.contains($0.name) }
    guard inputs.count == 1, graph.output.count >= 1 else {
      throw unsupported(
        "it has \(inputs.count) inputs and \(graph.output.count) outputs, and lrp explains scores computed from one input",
        "export a classifier with one input, the others fixed")
    }
    input = (
      inputs[0].name,
      inputs[0].type.tensorType.shape.dim.map { $0.dimValue > 0 ? Int($0.dimValue) : nil }
    )
    inputType = ElementType(onnx: inputs[0].type.tensorType.elemType)
    outputs = ONNXOutput.list(of: graph)
  }

  /// Makes a network of the model.
  /// - Parameters:
  ///   - name: the network's; the file's without its extension if `nil`.
  ///   - inputShape: `(1, C, …)`, for models that leave extents open; the batch is free in any case.
  ///   - output: one of ``outputs`` by name; the first if `nil`. What only the others need is left out.
  /// - Throws: ``ModelFormatError`` naming the node that cannot be brought over and what to do.
  public func network(name: String? = nil, inputShape: Shape? = nil, output: String? = nil) throws -> Network {
    let graph = outputs.count > 1 ? ONNXOutput.part(of: graph, for: output ?? outputs[0].name) : graph
    let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    var importer = ONNXImporter(path: path, operatorSet: operatorSet, name: name ?? printable(stem), budget: budget)
    return try importer.network(of: graph, inputName: input.name, inputShape: try shape(given: inputShape))
  }

  /// The input's shape with a batch of 1.
  private func shape(given: Shape?) throws -> Shape {
    func wrong(_ found: String, _ expected: String) -> ModelFormatError {
      .malformed(
        file: path, found: "an input of shape \(found)", expected: expected,
        advice: "give the input's shape, or export with fixed height and width")
    }
    if let given {
      guard given.rank == input.extents.count || input.extents.isEmpty,
        zip(given.dimensions, input.extents).dropFirst().allSatisfy({ $1 == nil || $0 == $1 })
      else {
        throw wrong("\(given)", "\(input.extents.map { $0.map(String.init) ?? "?" })")
      }
      return given.withBatch(1)
    }
    let fixed = input.extents.dropFirst().compactMap { $0 }
    guard input.extents.count >= 2, fixed.count == input.extents.count - 1, let shape = Shape(checking: [1] + fixed)
    else {
      throw wrong("(" + input.extents.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + ")", "known extents")
    }
    guard shape.count <= 1 << 28 else { throw wrong("\(shape)", "at most 2^28 numbers") }
    return shape
  }
}
