import FileSystem
import Foundation
import ModelFormats
import Tensors
import Testing

struct SafetensorsFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(header: String, data: Int = 0, length: UInt64? = nil) throws -> String {
    var bytes = Data()
    withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(Data(header.utf8))
    bytes.append(Data(repeating: 0, count: data))
    return try folder.file(bytes)
  }

  @Test(
    arguments: [
      ("float64", "f"), ("float32", "f"), ("float16", "f"), ("bfloat16", "f"), ("int64", "i"), ("int32", "i"),
      ("int16", "i"), ("int8", "i"), ("uint8", "u"),
    ] as [(String, Character)])
  func readsEveryType(_ name: String, _ kind: Character) throws {
    let file = try SafetensorsFile(path: fixture("types.safetensors"))
    let tensor = try file.tensor(name)
    #expect(tensor.shape == [2, 3, 4, 5] && tensor.layout == .rowMajor)
    let expected = fixtureValues(kind)
    // bfloat16 has 8 significant bits: all these quarters below 32 are exact.
    #expect(tensor.rowMajorElements() == expected)
  }

  @Test func readsOddOnes() throws {
    let file = try SafetensorsFile(path: fixture("types.safetensors"))
    #expect(try file.tensor("bool").rowMajorElements() == (0..<120).map { Float($0 % 2) })
    #expect(try file.tensor("scalar").shape == [] && file.tensor("scalar").rowMajorElements() == [2.5])
    #expect(try file.tensor("empty").shape == [0, 3])
    #expect(file.metadata == ["format": "pt", "note": "a \"quoted\" é"])
    #expect(file.entry("float16")?.type == .float16 && file.entry("nothing") == nil)
    #expect(throws: ModelFormatError.noSuchTensor(file: file.path, name: "flaot32", nearest: "float32")) {
      try file.tensor("flaot32")
    }
  }

  @Test func float32IsNotCopied() throws {
    let file = try SafetensorsFile(path: fixture("types.safetensors"))
    #expect(try file.tensor("float32").unsafeAddress == file.tensor("float32").unsafeAddress)
  }

  @Test func tensorOutlivesTheFile() throws {
    var path = ""
    let tensor = try {
      path = try folder.file(Data(contentsOf: URL(fileURLWithPath: fixture("types.safetensors"))))
      return try SafetensorsFile(path: path).tensor("float32")
    }()
    #expect(unlink(path) == 0)
    #expect(tensor.rowMajorElements() == fixtureValues("f"))
  }

  @Test func writesWhatItReads() throws {
    let path = folder.path + "/out.safetensors"
    let picture = Tensor([2, 3, 4, 5], rowMajor: (0..<120).map { Float($0) * 0.37 })
    #expect(picture.layout == .channelsLast)
    let tensors: [(name: String, tensor: Tensor)] = [
      ("b", picture), ("a", Tensor([], rowMajor: [7])), ("q\"\\\n\u{1F431}", Tensor([0, 2], rowMajor: [])),
    ]
    try SafetensorsFile.write(tensors, metadata: ["k": "v\t"], to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == ["k": "v\t"])
    #expect(Set(file.entries.map(\.name)) == ["b", "a", "q\"\\\n\u{1F431}"])
    #expect(try file.tensor("b").rowMajorElements() == picture.rowMajorElements())
    #expect(try file.tensor("a").rowMajorElements() == [7])
    #expect(try file.tensor("q\"\\\n\u{1F431}").shape == [0, 2])
  }

  @Test func refusesDuplicateNamesAndLeavesNothing() throws {
    let path = folder.path + "/out.safetensors"
    let one = Tensor([1], rowMajor: [1])
    #expect(throws: ModelFormatError.self) { try SafetensorsFile.write([("a", one), ("a", one)], to: path) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  static let entry = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#

  @Test(
    arguments: [
      (entry, 8, "found its end at byte 53 of the header, expected '}'"),
      (entry + "} x", 8, "nothing but spaces after the closing brace"),
      (entry + "}", 4, "data up to byte 8, expected at most 4"),
      (entry + "}", 12, "found 12 bytes of data, expected 8"),
      (entry + #","a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}"#, 8, "the name twice in the header"),
      (
        entry + #","b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8,
        "expected 8, where the tensor before ends (no overlap)"
      ),
      (
        entry + #","b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}"#, 16,
        "expected 8, where the tensor before ends (no gap)"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8,
        "tensor 'a': found 8 bytes for shape (3) of F32, expected 12"
      ),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "ascending order"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}}"#, 8, "data_offsets [8]"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}"#, 8, "an array of at most 2 numbers"),
      (#"{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}"#, 8, "found dtype F33, expected one of F64, F32"),
      (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, "a whole number that is not negative"),
      (#"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#, 8, "a whole number"),
      (#"{"a":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}"#, 8, "a whole number"),
      (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}}"#, 0, "fewer than 2^63 elements"),
      (#"{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,8]}}"#, 8, "fewer than 2^63"),
      (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, 8, "a number below 2^63"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}}"#, 8, "bytes for shape (2) of F32"),
      (#"{"a":{"dtype":"F32","shape":[2]}}"#, 0, "without dtype, shape or data_offsets"),
      (#"{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}"#, 8, "key 'shape'"),
      (#"{"a":{"dtype":"F32","extra":[2],"data_offsets":[0,8]}}"#, 8, "key 'extra'"),
      (#"{"a":[]}"#, 0, "expected '{'"),
      (#"{"__metadata__":{"a":1}}"#, 0, #"expected '"'"#),
      (#"{"a\ud800":{}}"#, 0, "surrogate"),
      (#"{"a\x":{}}"#, 0, "an escape of JSON"),
      ("{\"a\u{1}\":{}}", 0, "no control character in a text"),
      ("[]", 0, "does not begin with '{'"),
    ] as [(String, Int, String)])
  func hostileHeaders(_ header: String, _ data: Int, _ expected: String) throws {
    let path = try file(header: header, data: data)
    let message = try message { _ = try SafetensorsFile(path: path) }
    #expect(message.hasPrefix(path) && message.contains(expected), "\(message)")
  }

  @Test func absurdLengths() throws {
    for length in [UInt64.max, 1 << 63, 1 << 40, 1000, 0, 1] {
      let path = try file(header: "{}", length: length)
      #expect(throws: ModelFormatError.self) { try SafetensorsFile(path: path) }
    }
    #expect(try SafetensorsFile(path: file(header: "{}")).entries.isEmpty)
    #expect(throws: ModelFormatError.self) { try SafetensorsFile(path: folder.file(Data([1, 2, 3]))) }
    #expect(throws: ModelFormatError.self) { try SafetensorsFile(path: folder.file(Data())) }
    #expect(throws: FileError.self) { try SafetensorsFile(path: folder.path + "/missing") }
  }

  @Test func deepNestingIsRefusedAtOnce() throws {
    let deep = #"{"a":"# + String(repeating: #"{"a":"#, count: 200_000)
    let path = try file(header: deep)
    #expect(throws: ModelFormatError.self) { try SafetensorsFile(path: path) }
    let arrays = #"{"a":{"shape":"# + String(repeating: "[", count: 200_000)
    #expect(throws: ModelFormatError.self) { try SafetensorsFile(path: file(header: arrays)) }
  }

  @Test func textMustBeUTF8() throws {
    var bytes = Data([13, 0, 0, 0, 0, 0, 0, 0])
    bytes.append(Data(#"{"a"#.utf8))
    bytes.append(contentsOf: [0xff, 0xfe])
    bytes.append(Data(#"":{}}"#.utf8))
    bytes.append(contentsOf: [0x20, 0x20, 0x20])
    let path = try folder.file(bytes)
    #expect(try message { _ = try SafetensorsFile(path: path) }.contains("UTF-8"))
  }

  @Test func aPyTorchFileIsNamed() throws {
    let zip = try folder.file(Data([0x50, 0x4b, 3, 4] + [UInt8](repeating: 0, count: 100)))
    #expect(try message { _ = try SafetensorsFile(path: zip) }.contains("safetensors.torch.save_file"))
  }

  /// Damages single bytes of a sound file: it must open or be refused, and what opens must be readable.
  @Test func damagedBytesNeverTrap() throws {
    let sound = try Data(contentsOf: URL(fileURLWithPath: fixture("types.safetensors")))
    let headerEnd = 8 + Int(sound[8 - 8]) + Int(sound[1]) << 8
    var random = SplitMix64(seed: 7)
    var refused = 0
    for _ in 0..<2000 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<headerEnd, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) { bytes = bytes.prefix(Int.random(in: 0...bytes.count, using: &random)) }
      let path = try folder.file(Data(bytes))
      do {
        let file = try SafetensorsFile(path: path)
        for entry in file.entries { #expect(try file.tensor(entry).count == entry.shape.count) }
      } catch is ModelFormatError {
        refused += 1
      }
    }
    #expect(refused > 1500)
  }
}
