import FileSystem
import Foundation
import NeuralNetwork
import YAMLFiles

/// A model card as it stands in a YAML file beside a model. What is `nil` is guessed, with a warning.
///
/// Paths in a card are relative to its folder and stay in it; only the registry's own cards name files elsewhere.
public struct CardFile: Sendable {
  /// The version of the format that is read and written.
  public static let version = 1

  /// The order of the axes in which an ONNX file takes its input.
  public enum Layout: String, Sendable, CaseIterable {
    case channelsFirst = "NCHW"
    case channelsLast = "NHWC"
  }

  /// Where the names of the classes come from.
  public enum Labels: Sendable, Equatable {
    /// `imagenet` or `fashion_mnist`.
    case builtIn(String)
    /// A file with a name per line; a path that can be opened.
    case file(String)
    case list([String])
    /// There are none: classes are numbers.
    case numbers
  }

  /// A line and a column, both counted from 1.
  package struct Place: Sendable {
    package let line: Int
    package let column: Int
  }

  /// Where the card was read.
  public var path: String
  /// Where each key stands.
  package var places: [String: Place] = [:]

  /// What the model is called when it is registered.
  public var name: String?
  public var summary: String?
  /// The ONNX file, or the safetensors or PyTorch file with the architecture's parameters; a path that can be opened.
  public var file: String?
  /// One of the architectures that `lrp models` lists; ONNX files need none.
  public var architecture: String?
  public var classes: Int?
  /// Which output of an ONNX file that has several is explained.
  public var output: String?
  /// What the numbers there mean.
  public var meaning: OutputMeaning?
  /// `(C, H, W)`.
  public var input: [Int]?
  public var layout: Layout?
  public var color: Preprocessing.Color?
  /// Pixels of the shortest side after resizing.
  public var resize: Int?
  public var filter: ResizeFilter?
  /// Side of the central square that is kept.
  public var crop: Int?
  /// What white is before mean and deviation are applied: 1, or 255.
  public var scale: Double?
  public var mean: [Double]?
  public var std: [Double]?
  public var labels: Labels?
  /// A preset's name, or the path of a composite file.
  public var composite: String?
  /// Canonizers by name.
  public var canonizers: [String]?

  public init(path: String) { self.path = path }

  /// The keys in the order in which they are written.
  static let keys = [
    "version", "name", "summary", "file", "architecture", "classes", "output", "output_meaning", "input", "layout",
    "color", "resize", "filter",
    "crop", "scale", "mean", "std", "labels", "composite", "canonizers",
  ]

  /// The key's place in the file for messages, `resnet50.yaml:7:12`.
  package func place(of key: String) -> String {
    places[key].map { "\(path):\($0.line):\($0.column)" } ?? path
  }

  func error(_ key: String, _ problem: String) -> ModelZooError {
    .card(place: place(of: key), problem: "\(key): \(problem)")
  }
}

extension CardFile {
  /// Reads the card at `path`.
  /// - Parameter isRegistered: whether it is the registry's own, whose paths are absolute.
  /// - Throws: `FileError`, or ``ModelZooError/card(place:problem:)`` with line and column.
  public init(contentsOf path: String, isRegistered: Bool = false) throws {
    let source = YAMLSource(file: path, what: "a model card")
    self = try ModelZooError.translating {
      try CardReader(source: source, isRegistered: isRegistered).read(source.text(ofFile: path), path: path)
    }
  }

  /// The card beside a model: `resnet50.yaml` for `resnet50.onnx`. `nil` if there is none, or if that file is a
  /// composite.
  static func beside(_ model: String) throws -> CardFile? {
    for ending in ["yaml", "yml"] {
      let path = (model as NSString).deletingPathExtension + "." + ending
      guard FileManager.default.fileExists(atPath: path) else { continue }
      let source = YAMLSource(file: path, what: "a model card")
      let card = try ModelZooError.translating { () -> CardFile? in
        let text = try source.text(ofFile: path)
        let reader = CardReader(source: source, isRegistered: false)
        // `lrp models card a.onnx > a.yaml` finds the file that the shell has just made.
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        return try reader.isComposite(text) ? nil : reader.read(text, path: path)
      }
      guard let card else { continue }
      try card.check(model: model)
      return card
    }
    return nil
  }

  /// - Throws: ``ModelZooError`` if the card is another file's.
  func check(model: String) throws {
    guard let file, !Self.sameFile(file, model) else { return }
    func name(_ path: String) -> String { (path as NSString).lastPathComponent }
    throw error("file", "'\(name(file))' found, but the card is used for \(name(model)); leave this line out")
  }

  private static func sameFile(_ left: String, _ right: String) -> Bool {
    func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
    return resolved(left) == resolved(right)
  }
}

extension ModelZooError {
  /// Runs `body`; what it finds wrong with YAML becomes an error of this module.
  static func translating<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as YAMLFileError {
      switch error {
      case .invalid(let file, let line, let column, let problem):
        throw ModelZooError.card(place: "\(file):\(line):\(column)", problem: problem)
      case .unreadable(let file, let problem):
        throw ModelZooError.card(place: file, problem: problem)
      }
    }
  }
}
