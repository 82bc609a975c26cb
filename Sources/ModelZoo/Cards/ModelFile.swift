import Foundation
import ModelFormats
import NeuralNetwork
import Tensors

/// Models that a file names: an ONNX model, parameters with a card beside them, or a card.
enum ModelFile {
  private static let parameterEndings = ["safetensors", "pth", "pt", "ckpt", "bin"]
  private static let cardEndings = ["yaml", "yml"]

  private static func ending(_ path: String) -> String { (path as NSString).pathExtension.lowercased() }

  static func isNamed(by name: String) -> Bool {
    (parameterEndings + cardEndings + ["onnx"]).contains(ending(name)) || name.hasSuffix(".index.json")
  }

  /// A file that is there, but is no model by its name, is not looked for among the models.
  /// - Throws: ``ModelZooError``.
  static func checkEnding(of path: String) throws {
    guard path.contains("/") || FileManager.default.fileExists(atPath: path) else { return }
    try ForeignModel.check(path)
    throw ModelZooError.badOption(
      model: path,
      problem: (ending(path).isEmpty ? "a name without an ending" : "the ending .\(ending(path))") + " found, .onnx,"
        + " .safetensors, .pth, .pt, .ckpt, .bin, .index.json or a card's .yaml expected; convert other models to ONNX (with tf2onnx for TensorFlow and"
        + " Keras)")
  }

  /// Opens the model that a path names.
  /// - Throws: ``ModelZooError``, `ModelFormatError` or `FileError`, naming the file.
  static func load(_ path: String, options: ModelZoo.Options) throws -> Model {
    if cardEndings.contains(ending(path)) {
      return try load(card: CardFile(contentsOf: path), name: path, options: options)
    }
    let given = try options.card.map { try CardFile(contentsOf: $0) }
    try given?.check(model: path)
    let card = try given ?? CardFile.beside(path)
    if ending(path) == "onnx" { return try ONNXModel.load(path, name: path, card: card, options: options) }
    guard let card, card.architecture != nil else {
      let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
      let place = card.map { "\($0.path) has no architecture" } ?? "there is no card"
      throw ModelZooError.badOption(
        model: path,
        problem: "parameters alone do not say what network they belong to, and \(place); give --model ARCHITECTURE"
          + " --weights \(path), or write 'architecture: …' into \(stem).yaml beside it ('lrp models card --architecture …' prints one)"
      )
    }
    return try load(card: card, file: path, name: path, options: options)
  }

  /// Opens the model of a card.
  static func load(card: CardFile, name: String, options: ModelZoo.Options) throws -> Model {
    try load(card: card, file: card.file ?? fileBeside(card), name: name, options: options)
  }

  private static func load(card: CardFile, file: String?, name: String, options: ModelZoo.Options) throws -> Model {
    if let file, ending(file) == "onnx" {
      return try ONNXModel.load(file, name: name, card: card, options: options)
    }
    guard let architecture = Architectures.named(card.architecture ?? "") else {
      throw ModelZooError.card(
        place: card.path, problem: "no file and no architecture found, at least one expected")
    }
    var options = options
    options.weights = options.weights ?? file
    return try ArchitectureModel.load(architecture, name: name, card: card, options: options)
  }

  /// The model beside a card that names none: `resnet50.onnx` for `resnet50.yaml`.
  private static func fileBeside(_ card: CardFile) -> String? {
    let stem = (card.path as NSString).deletingPathExtension
    return (["onnx"] + parameterEndings).map { stem + "." + $0 }.first { FileManager.default.fileExists(atPath: $0) }
  }
}
