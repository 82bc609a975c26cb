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

  /// How many bytes of a mapped file are in this process's memory; other tests map files of their own meanwhile.
  private func residentBytes(of path: String) throws -> Int {
    // Not String(contentsOfFile:), which takes the first page of a file whose size is given as 0.
    let maps = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/smaps")).readToEnd() ?? Data()
    var isOfFile = false
    var kilobytes = 0
    for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: " ")
      // 7f00-7f10 r--p 00000000 fe:00 123 /the/file heads lines such as "Rss: 12 kB".
      if fields.first?.hasSuffix(":") == false { isOfFile = line.hasSuffix(path) }
      if isOfFile, fields.first == "Rss:", fields.count > 1 { kilobytes += Int(fields[1]) ?? 0 }
    }
    return kilobytes * 1024
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
    let model = try ModelZoo.load("vgg16", weights: path)
    let opened = try withExtendedLifetime(model) { try residentBytes(of: path) }
    #expect(opened > 0 && opened < byteCount / 8)
    let index = try model.network.index(ofNode: "classifier.0")
    let layer = try #require(model.network.nodes[index].layer as? FullyConnected)
    #expect(layer.weight.withUnsafeBufferPointer { $0.reduce(0, +) } == 0)
    // What is no longer used may be let go of before the end of the scope.
    let read = try withExtendedLifetime(layer) { try residentBytes(of: path) }
    #expect(read >= 4 * layer.weight.count)
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
