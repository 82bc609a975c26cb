import Foundation
import ModelFormats
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

/// Files of half a gigabyte: opened without being read.
struct LargeFilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Bytes of files that are in this process's memory.
  private func mappedBytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    return status.split(separator: "\n").filter { $0.hasPrefix("RssFile:") || $0.hasPrefix("RssShmem:") }
      .compactMap { $0.split(separator: " ").dropLast().last.flatMap { Int($0) } }.reduce(0) { $0 + $1 * 1024 }
  }

  /// Weights for a model, all zero: a header and a hole, which takes no room on the disk.
  private func sparseWeights(_ name: String) throws -> (path: String, byteCount: Int) {
    var offset = 0
    let fields = try ModelZoo.outline(name).parameters.sorted { $0.key < $1.key }.map { parameter, shape in
      let begin = offset
      offset += 4 * shape.count
      let extents = shape.dimensions.map(String.init).joined(separator: ",")
      return "\"\(parameter)\":{\"dtype\":\"F32\",\"shape\":[\(extents)],\"data_offsets\":[\(begin),\(offset)]}"
    }
    var header = Data(("{" + fields.joined(separator: ",") + "}").utf8)
    header.append(Data(repeating: 0x20, count: (8 - header.count % 8) % 8))
    let path = folder.path + "/\(name).safetensors"
    try (withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header)
      .write(to: URL(fileURLWithPath: path))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: UInt64(8 + header.count + offset))
    try file.close()
    return (path, offset)
  }

  @Test func openingReadsNoLargeParameters() throws {
    let (path, byteCount) = try sparseWeights("vgg16")
    #expect(byteCount > 550_000_000)
    let before = try mappedBytes()
    let start = ContinuousClock.now
    let model = try ModelZoo.load("vgg16", weights: path)
    #expect(ContinuousClock.now - start < .seconds(5))
    // Other tests may map files meanwhile; none as large.
    #expect(try mappedBytes() - before < byteCount / 8)
    let index = try model.network.index(ofNode: "classifier.0")
    let layer = try #require(model.network.nodes[index].layer as? FullyConnected)
    #expect(layer.weight.withUnsafeBufferPointer { $0.reduce(0, +) } == 0)
    #expect(try mappedBytes() - before > layer.weight.count)
  }

  /// What is not finite in a large parameter is found when it matters, and named.
  @Test func damageInALargeParameterIsNamed() throws {
    let (path, _) = try sparseWeights("alexnet")
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    let end = try file.seekToEnd()
    // Entries are in the order of their data.
    let later = try SafetensorsFile(path: path).entries.reversed().prefix { $0.name != "classifier.1.weight" }
    try file.seek(toOffset: end - UInt64(4 * later.reduce(1) { $0 + $1.shape.count }))
    try file.write(contentsOf: withUnsafeBytes(of: Float.nan.bitPattern.littleEndian) { Data($0) })
    try file.close()
    let network = try ModelZoo.load("alexnet", weights: path).network
    #expect(network.damagedParameter == "the weight of classifier.1")
    let output = try network.forward(Tensor([1, 3, 64, 64], filledWith: 1))[network.output]
    #expect(!output.isFinite)
  }
}
