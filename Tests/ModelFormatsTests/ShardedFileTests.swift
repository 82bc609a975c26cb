import FileSystem
import Foundation
import ModelFormats
import Tensors
import Testing

/// Checkpoints in several files.
struct ShardedFileTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let first = Tensor([2], rowMajor: [1, 2])
    try SafetensorsFile.write(
      [(name: "a.weight", tensor: first), (name: "a.bias", tensor: first.map { $0 + 2 })],
      to: folder.path + "/model-00001-of-00002.safetensors")
    try SafetensorsFile.write(
      [(name: "b.weight", tensor: first.map { $0 + 4 })], to: folder.path + "/model-00002-of-00002.safetensors")
    let numbers = (0..<16).map { Float($0) }.withUnsafeBytes { Data($0) }
    let pickle = Pickle.stateDict { $0.tensor(count: 16, shape: [16], strides: [1]) }
    _ = try folder.file(Zip.checkpoint(pickle, storages: ["0": numbers]), "pytorch_model-00001-of-00001.bin")
  }

  private func index(_ map: [(String, String)], metadata: String = #"{"total_size": 24}"#) throws -> String {
    let entries = map.map { "\"\($0.0)\": \"\($0.1)\"" }.joined(separator: ",\n    ")
    let text = "{\n  \"metadata\": \(metadata),\n  \"weight_map\": {\n    \(entries)\n  }\n}\n"
    return try folder.file(Data(text.utf8), "model.safetensors.index.json")
  }

  private static let sound = [
    ("b.weight", "model-00002-of-00002.safetensors"), ("a.weight", "model-00001-of-00002.safetensors"),
    ("a.bias", "model-00001-of-00002.safetensors"),
  ]

  @Test func readsSafetensors() throws {
    let file = try ParameterFiles.open(path: index(Self.sound, metadata: #"{"a": [1.5e3, {"b": null}], "c": "}"}"#))
    #expect(file.entries.map(\.name) == ["b.weight", "a.weight", "a.bias"])
    #expect(try file.tensor("b.weight").rowMajorElements() == [5, 6])
    #expect(try file.tensor("a.bias").rowMajorElements() == [3, 4])
    #expect(file.entry("c") == nil)
    #expect(throws: ModelFormatError.self) { try file.tensor("c") }
    try file.checkUnchanged()
  }

  @Test func readsPyTorch() throws {
    let file = try ParameterFiles.open(path: index([("weight", "pytorch_model-00001-of-00001.bin")]))
    #expect(try file.tensor("weight").rowMajorElements() == (0..<16).map { Float($0) })
  }

  /// The index, and what is said of it.
  static let problems: [([(String, String)], [String])] = [
    ([("a", "model-00003-of-00003.safetensors")], ["'model-00003-of-00003.safetensors'", "1 of the 1", "is missing"]),
    ([("a", "../secret.safetensors")], ["'../secret.safetensors'", "not in the index's own folder"]),
    ([("a", "/etc/passwd")], ["'/etc/passwd'", "not in the index's own folder"]),
    ([("a", "x/../../y.safetensors")], ["not in the index's own folder"]),
    ([("a", "")], ["not in the index's own folder"]),
    ([("a", "..")], ["not in the index's own folder"]),
    ([("c.weight", "model-00002-of-00002.safetensors")], ["'c.weight'", "no such tensor"]),
    (sound + [("a.bias", "model-00001-of-00002.safetensors")], ["names the tensor 'a.bias' twice"]),
    ([], ["no tensors in its 'weight_map'"]),
    ((0..<300).map { ("\($0)", "\($0).bin") }, ["more than 256 files"]),
  ]

  @Test(arguments: problems) func wrongIndices(_ map: [(String, String)], _ words: [String]) throws {
    let path = try index(map)
    let text = try message { _ = try ParameterFiles.open(path: path) }
    #expect(text.hasPrefix(path) && words.allSatisfy(text.contains) && !text.contains("\n"), "\(text)")
  }

  /// A file is not opened only to see that it may not be: a pipe would be waited for.
  @Test func nothingIsReadElsewhere() throws {
    let inner = folder.path + "/inner"
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      atPath: index([("a.weight", "../model-00001-of-00002.safetensors")]), toPath: inner + "/i.json")
    #expect(try message { _ = try ParameterFiles.open(path: inner + "/i.json") }.contains("own folder"))
  }

  @Test func damagedShards() throws {
    _ = try folder.file(Data("hello".utf8), "damaged.bin")
    let path = try index([("a", "damaged.bin")])
    #expect(try message { _ = try ParameterFiles.open(path: path) }.contains("damaged.bin: found a text"))
    // An index is no shard.
    let nested = try index([("a", "model.safetensors.index.json")])
    #expect(throws: ModelFormatError.self) { try ParameterFiles.open(path: nested) }
  }

  @Test(arguments: [
    "{}", #"{"a": 1}"#, #"{"weight_map": 3}"#, #"{"weight_map": {"a": 1}}"#, "{", #"{"weight_map": {"a": "b"}"#,
    #"{"a": "# + String(repeating: "[", count: 100_000), #"{"a": ]}"#, #"{"a": }"#,
    #"{"weight_map": {}, "weight_map": {}} x"#,
  ])
  func otherJSON(_ text: String) throws {
    let path = try folder.file(Data(text.utf8), "config.json")
    #expect(try message { _ = try ParameterFiles.open(path: path) }.hasPrefix(path))
  }
}
