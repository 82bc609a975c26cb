import FileSystem
import Foundation
import ModelFormats
import ModelZoo
import Tensors
import Testing

/// Models of the user's own: files with and without cards, and the registry.
@Suite struct OwnModelTests {
  private let folder: TemporaryFolder
  private let registry: ModelRegistry

  init() throws {
    folder = try TemporaryFolder()
    registry = ModelRegistry(environment: ["XDG_DATA_HOME": folder.path + "/data"])
    try FileManager.default.copyItem(
      atPath: root + "/Tests/Fixtures/formats/onnx/torch_new.onnx", toPath: folder.path + "/net.onnx")
  }

  private var net: String { folder.path + "/net.onnx" }

  private func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
  }

  private func load(_ name: String) throws -> Model { try ModelZoo.load(name, options: .init(registry: registry)) }

  @Test func withoutACardGuessesAreTold() throws {
    let model = try load(net)
    #expect(Set(model.card.guesses.keys) == ["color", "resize", "filter", "mean", "std", "labels"])
    let warning = try #require(model.warnings.first)
    for word in ["net.onnx", "lrp models card", "mean (ImageNet's)", "resize (16)"] { #expect(warning.contains(word)) }
    #expect(model.warnings.count == 1)
    #expect(try ModelZoo.load("fashion_mlp").warnings.isEmpty)
  }

  @Test(
    "What is given as a model and is none by its ending is named by its first bytes",
    arguments: [
      ("net.h5", "\u{89}HDF\r\n", "HDF5", "tf2onnx"), ("net.tflite", "\u{1C}\0\0\0TFL3", "TensorFlow Lite", "tf2onnx"),
      ("net.gguf", "GGUF\u{3}\0\0\0", "GGUF", "safetensors"), ("net", "<html></html>", "a web page", "download"),
      ("net.pb", "\u{8}\u{8}\u{12}\u{7}pytorch", "an ONNX model", "give it the ending .onnx"),
      ("net.xyz", "", "an empty file", "anew"),
      ("net.png", "version https://git-lfs.github.com/spec/v1", "a pointer of Git LFS", "git lfs pull"),
    ])
  func otherKinds(_ name: String, _ content: String, _ kind: String, _ advice: String) throws {
    // Each scalar is a byte.
    try Data(content.unicodeScalars.map { UInt8($0.value) }).write(to: URL(fileURLWithPath: folder.path + "/" + name))
    let error = #expect(throws: ModelFormatError.self) { try load(folder.path + "/" + name) }
    for word in [name + ": this is ", kind, advice] { #expect(error?.description.contains(word) == true) }
  }

  @Test func whatIsNoFileIsToldAsThat() throws {
    for device in ["/dev/null", "/dev/zero"] {
      #expect(throws: FileError.notARegularFile(path: device)) { try load(device) }
    }
    try FileManager.default.createDirectory(atPath: folder.path + "/saved", withIntermediateDirectories: false)
    #expect(throws: FileError.isDirectory(path: folder.path + "/saved")) { try load(folder.path + "/saved") }
    try write("", to: "saved/saved_model.pb")
    let error = #expect(throws: ModelFormatError.self) { try load(folder.path + "/saved") }
    #expect(error?.description.contains("tf2onnx.convert --saved-model \(folder.path)/saved") == true)
    #expect(throws: FileError.notFound(path: folder.path + "/none")) { try load(folder.path + "/none") }
  }

  @Test func aCardBesideDecides() throws {
    try write(
      """
      version: 1
      summary: Three things
      color: bgr
      resize: 20
      filter: bicubic
      scale: 255
      mean: [10, 20, 30]
      std: 255
      labels: names.txt
      composite: epsilon_plus
      canonizers: []
      """, to: "net.yaml")
    try write("one\ntwo\nthree, and more\n", to: "names.txt")
    let card = try load(net).card
    #expect(try load(net).warnings.isEmpty)
    #expect(card.summary == "Three things" && card.labels == ["one", "two", "three, and more"] && card.hasLabels)
    #expect(card.defaultComposite == "epsilon_plus" && card.defaultCanonizers.isEmpty)
    #expect(card.preprocessing.resize == 20 && card.preprocessing.crop == 14)
    // Blue is the first channel, and mean and deviation are in units of 1 here.
    let input = try card.preprocessing.tensor(
      rgb: (0..<400).flatMap { _ in [30, 20, 110] as [UInt8] }, width: 20, height: 20)
    let values = input.rowMajorElements()
    for (channel, expected) in [Float(100) / 255, 0, 0].enumerated() {
      #expect(abs(values[channel * 196] - expected) < 1e-6)
    }
    let picture = try #require(card.preprocessing.picture(of: input))
    #expect(Array(picture.rgb.prefix(3)) == [30, 20, 110])
    // The card by itself names the model too.
    #expect(try load(folder.path + "/net.yaml").card.labels.count == 3)
  }

  @Test(arguments: [
    ("classes: 4", ":2:10: classes: 4 found, 3 expected"),
    ("input: [3, 20, 20]", ":2:8: input: [3, 20, 20] found, [3, 14, 14] expected"),
    ("labels: names.txt", ":2:9: labels: 2 found, 3 expected"),
    ("labels: none.txt", "none.txt: no such file"),
    ("color: grey", ":2:8: color: grey found, 3 channels expected"),
    ("resize: 13", ":2:9: resize: 13 found, at least 14 expected"),
    ("architecture: resnet18", ":2:15: architecture: 'resnet18' found, none expected"),
    ("file: other.onnx", "'other.onnx' found, but the card is used for net.onnx"),
    ("layout: NHWC", "write 'layout: NHWC' into a card"),
  ])
  func cardsThatDoNotFitTheModel(_ line: String, _ message: String) throws {
    try write("version: 1\n" + line, to: "net.yaml")
    try write("one\ntwo\n", to: "names.txt")
    let error = #expect(throws: (any Error).self) { try load(net) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(message), "\(error.map { "\($0)" } ?? "")")
  }

  @Test func aCompositeBesideIsNoCard() throws {
    try write("version: 1\nlayer_map: [{types: [Linear], rule: Flat}]", to: "net.yaml")
    #expect(try load(net).card.source == nil)
    try write("\n", to: "net.yaml")
    #expect(try load(net).card.source == nil)
  }

  @Test func parametersNeedAnArchitecture() throws {
    let weights = folder.path + "/mlp.safetensors"
    try FileManager.default.copyItem(atPath: root + "/assets/models/fashion_mlp.safetensors", toPath: weights)
    let error = #expect(throws: ModelZooError.self) { try load(weights) }
    #expect(error?.description.contains("architecture") == true)
    try write("version: 1\narchitecture: fashion_mlp\nlabels: []", to: "mlp.yaml")
    let model = try load(weights)
    #expect(model.weights == .file(weights) && model.card.classes == 10 && !model.card.hasLabels)
    #expect(model.card.preprocessing == (try ModelZoo.load("fashion_mlp").card.preprocessing))
    #expect(try load(folder.path + "/mlp.yaml").weights == .file(weights))
    try write("version: 1\nlabels: []", to: "lonely.yaml")
    let lonely = #expect(throws: ModelZooError.self) { try load(folder.path + "/lonely.yaml") }
    #expect(lonely?.description.contains("no file and no architecture found") == true)
  }

  @Test func registeredModelsHaveAName() throws {
    #expect(registry.list.isEmpty && registry.names.isEmpty)
    let model = try load(net)
    try registry.add(model, name: "mine", replacing: false)
    #expect(registry.names == ["mine"])
    let again = try load("mine")
    #expect(again.card.name == "mine" && again.network.name == "mine" && again.warnings.isEmpty)
    #expect(again.card.preprocessing == model.card.preprocessing && again.weights == .file(net))
    #expect(again.card.defaultCanonizers == model.card.defaultCanonizers)
    let listing = try #require(registry.list.first)
    #expect(listing.origin == .file(net) && listing.inputShape == [3, 14, 14] && listing.classes == 3)

    let taken = #expect(throws: ModelZooError.self) { try registry.add(model, name: "mine", replacing: false) }
    #expect(taken?.description.contains("--replace") == true)
    try registry.add(model, name: "mine", replacing: true)
    let wrong = #expect(throws: ModelZooError.self) { try registry.remove("mines") }
    #expect(wrong?.description.contains("did you mean 'mine'?") == true)
    let unknown = #expect(throws: ModelZooError.self) { try load("mines") }
    #expect(unknown?.description.contains("did you mean 'mine'?") == true)
    try registry.remove("mine")
    #expect(registry.names.isEmpty && FileManager.default.fileExists(atPath: net))
    #expect(throws: ModelZooError.self) { try load("mine") }
  }

  @Test(arguments: ["", "../x", "a/b", ".hidden", "-x", "a b", "vgg16", "x.onnx", "ü", "a\n", "x.yaml"])
  func namesThatCannotBe(_ name: String) throws {
    let model = try load(net)
    #expect(throws: ModelZooError.self) { try registry.add(model, name: name, replacing: true) }
    #expect(registry.names.isEmpty)
  }

  @Test func aBrokenOrLostModelIsListedAndSaid() throws {
    try registry.add(try load(net), name: "mine", replacing: false)
    try FileManager.default.removeItem(atPath: net)
    let lost = #expect(throws: (any Error).self) { try load("mine") }
    #expect("\(lost.map { "\($0)" } ?? "")".contains("net.onnx: no such file"))
    try Data("version: 1\nclasess: 3".utf8).write(to: URL(fileURLWithPath: registry.folder + "/mine.yaml"))
    let listing = try #require(registry.list.first)
    #expect(listing.origin == .unreadable && listing.summary.contains("did you mean 'classes'?"))
  }

  @Test func namesFromFiles() {
    #expect(ModelRegistry.name(forFile: "/a/My Net.v2.onnx") == "My_Net.v2")
    #expect(ModelRegistry.name(forFile: "vgg16.onnx") == "my_vgg16")
    #expect(ModelRegistry.problem(with: ModelRegistry.name(forFile: "-.onnx")) == nil)
  }

  /// Cards are written so that they read back.
  @Test func aWrittenCardSaysTheSame() throws {
    let model = try load(net)
    let path = folder.path + "/net.yaml"
    let text = CardFile(of: model, path: path).yaml(guessed: model.card.guesses.keys)
    #expect(text.contains("file: net.onnx\n") && text.contains("std: [0.229, 0.224, 0.225]  # guessed\n"))
    try write(text, to: "net.yaml")
    let again = try load(net)
    #expect(again.warnings.isEmpty && again.card.preprocessing == model.card.preprocessing)
    #expect(again.card.defaultComposite == model.card.defaultComposite)
  }
}
