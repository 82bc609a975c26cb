import FileSystem
import Foundation
import ModelFormats
import Tensors
import Testing

struct PyTorchFileTests {
  /// The zip format and the one before PyTorch 1.6.
  static let formats = ["", "_legacy"]
  static let types: [(String, Character)] = [
    ("float64", "f"), ("float32", "f"), ("float16", "f"), ("bfloat16", "f"), ("int64", "i"), ("int32", "i"),
    ("int16", "i"), ("int8", "i"), ("uint8", "u"), ("uint16", "u"), ("uint32", "u"), ("uint64", "u"),
  ]

  /// What torch.save wrote is not copied: both tensors are the file's own bytes.
  @Test(arguments: ["parameters.pth", "types.safetensors"])
  func numbersStayInTheFile(_ name: String) throws {
    let file = try ParameterFiles.open(path: fixture(name))
    let entry = try #require(file.entries.first { $0.type == .float32 && $0.shape.count > 1 })
    let tensors = try (file.tensor(entry.name), file.tensor(entry.name))
    #expect(tensors.0.unsafeAddress == tensors.1.unsafeAddress)
  }

  @Test(arguments: formats, types)
  func readsEveryType(_ format: String, _ type: (String, Character)) throws {
    let tensor = try PyTorchFile(path: fixture("types\(format).pth")).tensor(type.0)
    #expect(tensor.shape == [2, 3, 4, 5] && tensor.layout == .rowMajor)
    #expect(tensor.rowMajorElements() == fixtureValues(type.1))
  }

  @Test(arguments: formats)
  func readsOddOnes(_ format: String) throws {
    let file = try PyTorchFile(path: fixture("types\(format).pth"))
    #expect(file.entries.map(\.name) == Self.types.map(\.0) + ["bool", "scalar", "empty"])
    #expect(try file.tensor("bool").rowMajorElements() == (0..<120).map { Float($0 % 2) })
    #expect(try file.tensor("scalar").shape == [] && file.tensor("scalar").rowMajorElements() == [2.5])
    #expect(try file.tensor("empty").shape == [0, 3])
    #expect(file.entry("float16")?.type == .float16 && file.entry("nothing") == nil)
    #expect(file.notes.isEmpty)
    #expect(throws: ModelFormatError.noSuchTensor(file: file.path, name: "flaot32", nearest: "float32")) {
      try file.tensor("flaot32")
    }
  }

  @Test(arguments: formats)
  func readsViewsAndSharedStorages(_ format: String) throws {
    let file = try PyTorchFile(path: fixture("views\(format).pth"))
    func value(_ row: Int, _ column: Int) -> Float { Float(row * 8 + column - 3) / 4 }
    func check(_ name: String, _ shape: Shape, _ values: [Float]) throws {
      let tensor = try file.tensor(name)
      #expect(tensor.shape == shape && tensor.rowMajorElements() == values, "\(name)")
    }
    try check("whole", [6, 8], (0..<48).map { Float($0 - 3) / 4 })
    try check("transposed", [8, 6], (0..<48).map { value($0 % 6, $0 / 6) })
    try check("rows", [2, 8], (16..<32).map { Float($0 - 3) / 4 })
    try check("columns", [6, 3], (0..<18).map { value($0 / 3, 1 + 2 * ($0 % 3)) })
    try check("element", [], [value(1, 2)])
    try check("expanded", [3, 8], (0..<24).map { value(0, $0 % 8) })
    let halves: [Float] = [-2, 4, 10, 16, -1, 5, 11, 17]
    try check("halves", [2, 4], halves.map { $0 / 4 })
    try check("channels_last", [2, 3, 4, 5], (0..<120).map { Float($0 - 3) / 4 })
    #expect(file.entry("number") == nil)
  }

  @Test func alignedFloat32IsNotCopied() throws {
    let file = try PyTorchFile(path: fixture("views.pth"))
    let whole = try file.tensor("whole").unsafeAddress
    #expect(try file.tensor("whole").unsafeAddress == whole)
    #expect(try file.tensor("rows").unsafeAddress == whole + 16)
  }

  @Test(arguments: formats)
  func findsTheStateDictOfACheckpoint(_ format: String) throws {
    let file = try PyTorchFile(path: fixture("checkpoint\(format).pth"))
    #expect(
      file.entries.map(\.name)
        == [
          "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked",
        ].map { "module." + $0 })
    #expect(file.notes == ["parameters are those under 'state_dict'"])
    #expect(try file.tensor("module.0.weight").rowMajorElements() == [-0.75, -0.5, -0.25, 0, 0.25, 0.5])
    #expect(file.entry("module.1.num_batches_tracked")?.type == .int64)
  }

  @Test(arguments: formats)
  func readsParameters(_ format: String) throws {
    let file = try PyTorchFile(path: fixture("parameters\(format).pth"))
    #expect(file.entries.map(\.name) == ["0.weight", "0.bias", "1.weight", "1.bias"])
    #expect(try file.tensor("0.weight").shape == [2, 3])
  }

  @Test func formatsAreToldApartByTheirContents() throws {
    let folder = try TemporaryFolder()
    for name in ["types.safetensors", "types.pth", "types_legacy.pth"] {
      let data = try Data(contentsOf: URL(fileURLWithPath: fixture(name)))
      let file = try ParameterFiles.open(path: folder.file(data, "weights"))
      #expect(try file.tensor("float32").rowMajorElements() == fixtureValues("f"), "\(name)")
    }
  }

  @Test func safetensorsHeaderWithAPicklesFirstBytes() throws {
    // A header of 0x280 bytes begins with 80 02, as pickles do.
    let folder = try TemporaryFolder()
    let header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}"
    let padded = header + String(repeating: " ", count: 0x280 - header.utf8.count)
    let data = Data([0x80, 2, 0, 0, 0, 0, 0, 0]) + Data(padded.utf8) + Data([7])
    #expect(try ParameterFiles.open(path: folder.file(data)).tensor("a").rowMajorElements() == [7])
  }

  @Test func tensorOutlivesTheFile() throws {
    let folder = try TemporaryFolder()
    var path = ""
    let tensor = try {
      path = try folder.file(Data(contentsOf: URL(fileURLWithPath: fixture("types.pth"))))
      return try PyTorchFile(path: path).tensor("float32")
    }()
    #expect(unlink(path) == 0)
    #expect(tensor.rowMajorElements() == fixtureValues("f"))
  }
}
