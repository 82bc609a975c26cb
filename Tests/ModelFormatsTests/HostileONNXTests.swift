import FileSystem
import Foundation
import ModelFormats
import Tensors
import Testing

/// Damaged models, and models that reach for more than they should.
struct HostileONNXTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: fixture("onnx/\(name)")))
  }

  /// An error of ours or a network.
  private func tryReading(_ data: Data) throws -> Bool {
    // Not flushed to the disk, unlike what folder.file writes: there are thousands.
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

  static let files = [
    "torch_old", "torch_new", "conv", "shape_subgraph", "shuffle", "gate", "sub_mul_div", "external", "pad_reflect",
    "maxpool", "averagepool", "gemm", "squeeze", "lrn", "conv_transpose",
  ]

  @Test(arguments: files)
  func truncations(_ name: String) throws {
    let whole = try data("\(name).onnx")
    for count in stride(from: 0, to: whole.count, by: max(1, whole.count / 200)) {
      _ = try tryReading(whole.prefix(count))
    }
  }

  @Test(arguments: files)
  func mutations(_ name: String) throws {
    let whole = try data("\(name).onnx")
    var random = SplitMix(state: 20_261_123)
    for _ in 0..<600 {
      var data = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let position = Int.random(in: 0..<data.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: data[position] = UInt8.random(in: 0...255, using: &random)
        case 1: data[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: data[position] = [0, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
        case 3: data.remove(at: position)
        default:
          let end = min(data.count, position + Int.random(in: 1...16, using: &random))
          data.insert(contentsOf: data[position..<end], at: Int.random(in: 0..<data.count, using: &random))
        }
      }
      _ = try tryReading(data)
    }
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
    #expect(throws: FileError.self) { try ONNXFile(path: missing).network() }
    try data("external.data").dropLast().write(to: URL(fileURLWithPath: folder.path + "/external.data"))
    #expect(try !tryReading(data("external.onnx")))
  }

  @Test func operatorsThatAreMissingAreNamed() throws {
    let path = try folder.file(replacing("HardSwish", "HardSwash", in: "hardswish.onnx"), "model.onnx")
    let text = try message { _ = try ONNXFile(path: path).network() }
    #expect(text.contains("'HardSwash_0' (HardSwash): this operator is not supported; export"))
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
