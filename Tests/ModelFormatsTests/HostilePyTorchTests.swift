import FileSystem
import Foundation
import ModelFormats
import Tensors
import Testing

/// Files that try to run something or to take memory, and such as end too early.
struct HostilePyTorchTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func problem(_ pickle: Data, storages: [String: Data] = ["0": Data(count: 64)]) throws -> String {
    let path = try folder.file(Zip.checkpoint(pickle, storages: storages))
    return try message { _ = try PyTorchFile(path: path) }
  }

  @Test func handMadeFilesAreRead() throws {
    let pickle = Pickle.stateDict { $0.tensor(count: 16, offset: 2, shape: [2, 3], strides: [3, 1]) }
    let numbers = (0..<16).map { Float($0) }.withUnsafeBytes { Data($0) }
    let path = try folder.file(Zip.checkpoint(pickle, storages: ["0": numbers]))
    #expect(try PyTorchFile(path: path).tensor("weight").rowMajorElements() == [2, 3, 4, 5, 6, 7])
  }

  @Test(
    arguments: [
      ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "getattr"), ("subprocess", "Popen"),
      ("torch.storage", "_load_from_bytes"), ("torch", "load"), ("numpy.core.multiarray", "_reconstruct"),
      ("torchvision.models.resnet", "ResNet"), ("collections", "OrderedDict.__init__"),
    ])
  func nothingElseIsCalled(_ module: String, _ name: String) throws {
    let witness = folder.path + "/ran"
    let pickle = Pickle.stateDict {
      $0.global(module, name)
      $0.text("touch \(witness)")
      $0.raw([0x85])
      $0.code("R")
    }
    let text = try problem(pickle)
    #expect(text.contains("'\(module).\(name)'") && text.contains("nothing in the file was run"))
    #expect(!FileManager.default.fileExists(atPath: witness))
  }

  /// What is beside the tensors is passed over, also where it is a list or a dictionary of a class of its own.
  @Test func otherObjectsArePassedOver() throws {
    var pickle = Pickle()
    pickle.code("}(")
    pickle.text("best")
    pickle.global("numpy.core.multiarray", "scalar")
    pickle.code(")R")
    pickle.text("options")
    // An object made with keywords, with items set in it, items appended and a state.
    pickle.global("training", "Options")
    pickle.code(")}")
    pickle.raw([0x92])
    pickle.text("rate")
    pickle.code("Ns(NNeNa}b")
    pickle.text("bytes")
    pickle.raw([0x96] + [2, 0, 0, 0, 0, 0, 0, 0] + [1, 2])
    pickle.text("weight")
    // A parameter of a class of its own.
    pickle.global("torch._tensor", "_rebuild_from_type_v2")
    pickle.code("(")
    pickle.global("torch._utils", "_rebuild_tensor_v2")
    pickle.global("torch.nn.parameter", "Parameter")
    pickle.code("(")
    pickle.storage(count: 16)
    pickle.integer(0)
    pickle.integers([16])
    pickle.integers([1])
    pickle.raw([0x89])
    pickle.code("}t}tR}b")
    pickle.code("u.")
    let file = try PyTorchFile(path: folder.file(Zip.checkpoint(pickle.data)))
    #expect(file.entries.map(\.name) == ["weight"] && file.entries[0].shape == [16])
    let note = try #require(file.notes.first)
    #expect(note.contains("'best' (an object of the type 'numpy.core.multiarray.scalar')"))
    #expect(note.contains("'options' (an object of the type 'training.Options')") && note.contains("'bytes'"))
  }

  @Test func wholeModelsAreNamed() throws {
    var pickle = Pickle()
    pickle.global("torchvision.models.resnet", "ResNet")
    pickle.code(")")
    pickle.raw([0x81])
    pickle.code("}b.")
    let text = try problem(pickle.data)
    #expect(text.contains("a whole object, of the class 'torchvision.models.resnet.ResNet'"))
    #expect(text.contains("save a state dict with torch.save(model.state_dict()"))
  }

  @Test func protocolFoursWayToNameThings() throws {
    let pickle = Pickle.stateDict {
      $0.text("os")
      $0.text("system")
      $0.raw([0x93])
      $0.text("true")
      $0.raw([0x85])
      $0.code("R")
    }
    #expect(try problem(pickle).contains("'os.system'"))
  }

  @Test(arguments: ["i", "o", "P", "S", "I", "\u{0}", "p"])
  func otherInstructionsAreRefused(_ code: String) throws {
    #expect(try problem(Pickle.stateDict { $0.code(code + "os\nsystem\n") }).contains("pickle instruction"))
  }

  @Test func thingsThatAreNoFunctionsAreNotCalled() throws {
    #expect(
      try problem(
        Pickle.stateDict {
          $0.text("os.system")
          $0.code(")R")
        }
      ).contains("a call of a str"))
    #expect(
      try problem(
        Pickle.stateDict {
          $0.global("torch", "FloatStorage")
          $0.code(")R")
        }
      ).contains("a call of torch.FloatStorage"))
  }

  @Test(
    arguments: [
      (16, 0, [17], [1]), (16, 1, [16], [1]), (16, 0, [-1], [1]), (16, 0, [4], [-1]), (16, 0, [4, 4], [4]),
      (16, 0, [.max], [1]), (16, 0, [.max, .max], [0, 0]), (16, .max, [1], [1]), (16, 0, [2], [.max]),
      (16, 0, [1 << 40], [0]), (16, 15, [2, 2], [1, 1]), (16, -1, [1], [1]), (16, 0, [0, .max, 4], [1, 1, 1]),
      (17, 0, [17], [1]), (.max, 0, [1], [1]), (-1, 0, [0], [1]),
    ] as [(Int, Int, [Int], [Int])])
  func absurdShapes(_ count: Int, _ offset: Int, _ shape: [Int], _ strides: [Int]) throws {
    let text = try problem(
      Pickle.stateDict { $0.tensor(count: count, offset: offset, shape: shape, strides: strides) })
    #expect(text.contains("expected"))
  }

  @Test func manyAxes() throws {
    let axes = [Int](repeating: 1, count: 65)
    #expect(throws: ModelFormatError.self) {
      try PyTorchFile(
        path: folder.file(Zip.checkpoint(Pickle.stateDict { $0.tensor(count: 1, shape: axes, strides: axes) })))
    }
  }

  @Test func expandedViewsStayWithinTheFilesSize() throws {
    // 2^28 elements from one: a gigabyte from a file of 500 bytes.
    let text = try problem(Pickle.stateDict { $0.tensor(count: 1, shape: [1 << 28], strides: [0]) })
    #expect(text.contains("fewer elements in all tensors than the file has bytes"))
  }

  @Test(
    arguments: [
      ("", "an empty file"), ("\u{89}HDF", "HDF5"), ("\u{1c}\0\0\0TFL3", "TensorFlow Lite"),
      ("\u{8}\u{1}\u{12}x", "a TensorFlow model"),
      ("version https://git-lfs.github.com/spec/v1", "git lfs pull"), ("<!DOCTYPE html>", "a web page"),
      ("GGUF", "GGUF"),
      ("hello, world", "a text"), ("\u{8}\u{8}\u{12}\u{7}pytorch", "--model, without --weights"),
    ])
  func otherKindsOfFilesAreNamed(_ start: String, _ words: String) throws {
    let bytes = Data(start.unicodeScalars.map { UInt8($0.value) })
    let path = try folder.file(bytes, "weights.pth")
    let text = try message { _ = try ParameterFiles.open(path: path) }
    #expect(
      text.hasPrefix(path) && text.contains(words)
        && text.contains("expected safetensors or a file written by torch.save"))
    if !words.hasPrefix("--model") { #expect(try message { _ = try ONNXFile(path: path) }.contains(words)) }
  }

  @Test(arguments: [
    ("torch", "qint8"), ("torch._utils", "_rebuild_qtensor"), ("torch", "ComplexFloatStorage"),
    ("torch", "float8_e4m3fn"),
  ])
  func typesThatCannotBeReadAreNamed(_ module: String, _ name: String) throws {
    let text = try problem(Pickle.stateDict { $0.global(module, name) })
    #expect(text.contains("tensors of the type '\(module).\(name)'") && text.contains("convert them before saving"))
  }

  @Test func deepNesting() throws {
    for code in ["(l", "}", "]"] {
      var pickle = Pickle()
      for _ in 0..<1000 { pickle.code(code) }
      for _ in 0..<999 { pickle.raw([0x85]) }
      pickle.code(".")
      #expect(try problem(pickle.data).contains("nested"))
    }
  }

  @Test func chainsThatGrowFromTheOutside() throws {
    // a = [], b = [], a.append(b), then b changes inside a; unbounded depth that no single step shows.
    var pickle = Pickle()
    pickle.code("]q")
    pickle.raw([0])
    pickle.code("]q")
    pickle.raw([1])
    pickle.code("a0h")
    pickle.raw([1])
    pickle.code("Na.")
    #expect(try problem(pickle.data).contains("changes after"))
    // A list in itself.
    var cycle = Pickle()
    cycle.code("]q")
    cycle.raw([0])
    cycle.code("h")
    cycle.raw([0])
    cycle.code("a.")
    #expect(try problem(cycle.data).contains("changes after"))
  }

  @Test func memoBombs() throws {
    // Every tuple holds the one before twice: 2^60 leaves when walked, none of which is.
    var pickle = Pickle()
    pickle.code(")")
    for _ in 0..<60 {
      pickle.code("2")
      pickle.raw([0x86])
    }
    pickle.code(".")
    #expect(try problem(pickle.data).contains("a tuple"))
    // A list of a thousand items, copied a million times.
    var copies = Pickle()
    copies.code("](")
    for _ in 0..<1000 { copies.code("N") }
    copies.code("eq")
    copies.raw([0])
    for _ in 0..<200_000 {
      copies.global("torch", "Size")
      copies.code("h")
      copies.raw([0, 0x85])
      copies.code("R")
    }
    copies.code(".")
    #expect(try problem(copies.data).contains("more objects"))
  }

  @Test func manyObjects() throws {
    var pickle = Pickle()
    for _ in 0..<3_000_000 { pickle.code("N") }
    pickle.code(".")
    #expect(try problem(pickle.data).contains("unfinished objects"))
    var empty = Pickle()
    for _ in 0..<60 { for _ in 0..<10_000 { empty.code("}0") } }
    empty.code("}.")
    #expect(throws: ModelFormatError.self) {
      try PyTorchFile(path: folder.file(Zip.checkpoint(empty.data)))
    }
  }

  @Test func oversizedLengths() throws {
    for bytes: [UInt8] in [
      [0x58, 0xff, 0xff, 0xff, 0xff], [0x8d] + [UInt8](repeating: 0xff, count: 8), [0x8b, 0xff, 0xff, 0xff, 0x7f],
      [0x42, 0xff, 0xff, 0xff, 0x7f], [0x8e] + [UInt8](repeating: 0x7f, count: 8), [0x8a, 9, 1], [0x55, 200],
      [0x63] + [UInt8](repeating: 0x61, count: 4000),
    ] {
      var pickle = Pickle()
      pickle.raw(bytes)
      pickle.code(".")
      #expect(try !problem(pickle.data).isEmpty)
    }
  }

  @Test func zipDirectories() throws {
    func problem(_ data: Data) throws -> String {
      try message { _ = try PyTorchFile(path: folder.file(data)) }
    }
    let pickle = Pickle.stateDict { $0.tensor(count: 16, shape: [16], strides: [1]) }
    let members = [
      Zip.Member(name: "a/data.pkl", data: pickle), Zip.Member(name: "a/data/0", data: Data(count: 64)),
    ]
    var changed = members
    changed[1].method = 8
    #expect(try problem(Zip.archive(changed)).contains("compression method 8"))
    changed = members
    changed[0].flags = 1
    #expect(try problem(Zip.archive(changed)).contains("encryption"))
    changed = members
    changed[1].claimedSize = 0xffff_fff0
    #expect(try problem(Zip.archive(changed)).contains("where the directory begins"))
    #expect(try problem(Zip.archive(members + [members[1]])).contains("occurs twice"))
    #expect(try problem(Zip.archive(members, claimedCount: 60_000)).contains("60000 members"))
    #expect(try problem(Zip.archive([members[1]])).contains("without data.pkl"))
    #expect(try problem(Zip.archive([members[0]])).contains("no data for storage '0'"))
    let script = members + [Zip.Member(name: "a/constants.pkl", data: Data())]
    #expect(try problem(Zip.archive(script)).contains("TorchScript"))
    // Their code is compressed.
    let code = Zip.Member(name: "a/code/__torch__/net.py", data: Data(count: 9), method: 8)
    #expect(try problem(Zip.archive([code] + members)).contains("torch.jit.load('model.pt').state_dict()"))
    #expect(try problem(Zip.archive([Zip.Member(name: "model.weights.h5", data: Data())])).contains("a Keras model"))
    #expect(try problem(Zip.archive([Zip.Member(name: "w.npy", data: Data())])).contains("NumPy arrays"))
    #expect(try problem(Zip.archive(members).dropLast()).contains("end of a zip directory"))
    changed = members
    changed[1].data = Data(count: 63)
    #expect(try problem(Zip.archive(changed)).contains("63 bytes for storage"))
  }

  // MARK: Beginnings

  static let files = [
    "types.pth", "types_legacy.pth", "views.pth", "views_legacy.pth", "checkpoint.pth", "checkpoint_legacy.pth",
    "parameters.pth", "parameters_legacy.pth", "types.safetensors",
  ]

  /// A download that broke off is never taken for a file; other damage, which may go unnoticed, is for `HostileTests`.
  @Test(arguments: files)
  func noBeginningOfAFileIsTakenForOne(_ name: String) throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: fixture(name)))
    let path = folder.path + "/" + name
    for count in stride(from: 0, to: whole.count, by: max(1, whole.count / 500)) {
      // Not flushed to the disk, unlike what folder.file writes: there are thousands.
      try whole.prefix(count).write(to: URL(fileURLWithPath: path))
      #expect(throws: ModelFormatError.self, "\(count) bytes of \(name)") {
        let file = try ParameterFiles.open(path: path)
        for entry in file.entries { _ = try file.tensor(entry.name) }
      }
    }
  }
}
