import Foundation
import ModelFormats
import ModelZoo
import Tensors
import Testing

/// What pixels models take; the models are those of `Fixtures/make_inputs.py`.
struct PixelRangeTests {
  private static let folder = root + "/Tests/Fixtures/inputs"

  private static func load(_ name: String, card: String? = nil) throws -> Model {
    let path = "\(folder)/\(name).onnx"
    guard let card else { return try ModelZoo.load(path) }
    let scratch = try TemporaryFolder()
    let file = scratch.path + "/card.yaml"
    try Data(("version: 1\n" + card + "\n").utf8).write(to: URL(fileURLWithPath: file))
    return try ModelZoo.load(path, options: .init(card: file))
  }

  /// A grey of 100 as the model gets it, in the first channel.
  private static func grey(_ model: Model) throws -> Float {
    let picture = [UInt8](repeating: 100, count: 3 * 20 * 30)
    return try model.card.preprocessing.tensor(rgb: picture, width: 20, height: 30).rowMajorElements()[0]
  }

  /// The grey as ImageNet's mean and deviation make it, without a scale of its own, and divided by 255.
  static let normalized = (100.0 / 255 - 0.485) / 0.229
  static let models: [(String, Double, String)] = [
    ("uint8", 100, "uint8"), ("uint8_nhwc", 100, "uint8"), ("int32", 100, "int32"), ("bytes_divided", 100, "0…255"),
    ("bytes_mean", 100, "0…255"), ("bytes_caffe", 100, "0…255"), ("bytes_keras", 100, "0…255"),
    ("unit", 100.0 / 255, "0…1"), ("logits", normalized, "ImageNet's"), ("double", normalized, "ImageNet's"),
    ("float16", normalized, "ImageNet's"),
  ]

  @Test("whole numbers and networks that scale by themselves get pixels as they are", arguments: models)
  func ranges(_ name: String, _ grey: Double, _ word: String) throws {
    let model = try Self.load(name)
    #expect(abs(Double(try Self.grey(model)) - grey) < 1e-4)
    #expect(model.warnings.contains { $0.contains(word) }, "\(model.warnings)")
    let input = try NPYFile.read(Self.folder + (grey == 100 ? "/pixels.npy" : "/x.npy"))
    let found = try model.network.forward(input)[model.network.output].rowMajorElements()
    let expected = try #require(ONNXOutputsTests.expected[name]?["logits"])
    #expect(relativeError(found, expected) < (name == "float16" ? 1e-2 : 1e-5))
  }

  @Test func whatPixelsAreNotIsNamed() {
    let error = #expect(throws: ModelZooError.self) { try Self.load("int8") }
    #expect(error.map { "\($0)".contains("int8") && "\($0)".contains("float32 or uint8") } == true)
  }

  @Test("a card goes before what is guessed, but not into a type that cannot hold it silently")
  func cards() throws {
    let plain = "mean: [0.485, 0.456, 0.406]\nstd: [0.229, 0.224, 0.225]"
    #expect(abs(try Self.grey(Self.load("bytes_divided", card: plain)) - Float(Self.normalized)) < 1e-5)
    let model = try Self.load("uint8", card: plain)
    #expect(model.warnings.contains { $0.contains("whole numbers") && $0.contains("scale: 255") }, "\(model.warnings)")
    let same = try Self.load("uint8", card: "scale: 255\nmean: 0\nstd: 1")
    #expect(abs(try Self.grey(same) - 100) < 1e-4 && !same.warnings.contains { $0.contains("whole numbers") })
  }

  static let scales: [(String, Double)] = [
    ("mean: [123.675, 116.28, 103.53]\nstd: [58.395, 57.12, 57.375]", -0.4054286),
    ("mean: 127.5\nstd: 127.5", -0.2156863), ("mean: [123.68, 116.78, 103.94]\nstd: 1", -23.68),
    ("mean: 0\nstd: 255", 0.3921569),
  ]

  @Test("numbers of 0…255 in a card without a scale", arguments: scales)
  func scaleIsFound(_ text: String, _ grey: Double) throws {
    for scale in ["", "\nscale: 255"] {
      let model = try Self.load("logits", card: text + scale)
      #expect(abs(Double(try Self.grey(model)) - grey) < 1e-4)
      #expect(model.warnings.contains { $0.contains("'scale: 255' says so") } == scale.isEmpty, "\(model.warnings)")
    }
  }

  @Test(
    arguments: [
      ("mean: 123.675\nstd: 0.229", "card.yaml:3:6: std: 0.229 is of pixels of 0…1, but mean (123.675) is of 0…255"),
      ("mean: 0.485\nstd: 58.395", "card.yaml:2:7: mean: 0.485 is of pixels of 0…1, but std (58.395) is of 0…255"),
      ("scale: 1\nmean: 123.675", "card.yaml:3:7: mean: 123.675 is brighter than white"),
    ])
  func contradictionsAreRefused(_ text: String, _ words: String) {
    let error = #expect(throws: ModelZooError.self) { try Self.load("logits", card: text) }
    #expect(error.map { "\($0)".contains(words) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test("a written card gives the same pixels again")
  func written() throws {
    let model = try Self.load("uint8")
    let text = CardFile(of: model, path: Self.folder + "/uint8.yaml").yaml()
    #expect(text.contains("scale: 255.0\n") || text.contains("scale: 255\n"), "\(text)")
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("version") && !$0.hasPrefix("file") }
    let again = try Self.load("uint8", card: lines.joined(separator: "\n"))
    #expect(again.card.preprocessing == model.card.preprocessing && again.warnings.isEmpty, "\(again.warnings)")
  }
}
