import FileSystem
import Foundation
import NeuralNetwork

/// The user's own models, known by name: a card for each in `$XDG_DATA_HOME/lrp/models`.
///
/// Only the card is kept. It names the model's file, which stays where it is: models are large, and an ONNX file may
/// need others beside it.
public struct ModelRegistry: Sendable {
  /// The folder of the cards; it need not exist.
  public let folder: String

  /// - Parameter environment: `XDG_DATA_HOME` if that is absolute, else `HOME`, decides where the folder is.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    folder = UserFolder.data.path(environment) + "/models"
  }

  /// The names of all registered models, sorted.
  public var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".yaml") }
      .map { String($0.dropLast(".yaml".count)) }.filter { Self.problem(with: $0) == nil }.sorted()
  }

  /// The path of the model's card, `nil` if no model has this name.
  public func cardPath(of name: String) -> String? {
    names.contains(name) ? path(of: name) : nil
  }

  private func path(of name: String) -> String { folder + "/" + name + ".yaml" }

  /// The models as lines of the list of models; for a card that cannot be read, what is wrong with it.
  public var list: [ModelListing] {
    names.map { name in
      do {
        return ModelListing(name: name, card: try CardFile(contentsOf: path(of: name), isRegistered: true))
      } catch {
        return ModelListing(name: name, problem: "\(error)")
      }
    }
  }

  /// Registers a model under a name.
  /// - Parameters:
  ///   - model: as it was opened, with what was guessed.
  ///   - replacing: whether a model that has this name may be replaced.
  /// - Throws: ``ModelZooError`` for a name that cannot be used or is taken, `FileError` if the card cannot be written.
  public func add(_ model: Model, name: String, replacing: Bool) throws {
    if let problem = Self.problem(with: name) { throw ModelZooError.badName(name: name, problem: problem) }
    var card = CardFile(of: model, path: path(of: name))
    card.name = nil
    try Folder.make(folder)
    do {
      try AtomicFile.write(card.yaml(), to: card.path, overwriting: replacing)
    } catch FileError.alreadyExists {
      throw ModelZooError.nameTaken(name: name)
    }
  }

  /// Forgets a model; its file stays.
  /// - Throws: ``ModelZooError/notRegistered(name:nearest:)``, or `FileError`.
  public func remove(_ name: String) throws {
    guard let path = cardPath(of: name) else {
      throw ModelZooError.notRegistered(name: name, nearest: Spelling.nearest(to: name, among: names))
    }
    guard unlink(path) == 0 else { throw FileError.notPermitted(path: path, action: "remove it") }
  }

  /// Why a model cannot have this name; `nil` if it can.
  public static func problem(with name: String) -> String? {
    let isPlain = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (0x30...0x39).contains(byte)
        || "_.-".utf8.contains(byte)
    }
    guard isPlain, !name.isEmpty, name.utf8.count <= 100, !".-".contains(name.prefix(1)) else {
      return "up to 100 letters, digits, '_', '-' and '.' expected, beginning with a letter or digit"
    }
    guard !ModelFile.isNamed(by: name) else { return "it ends like a file's name" }
    guard !ModelZoo.list.contains(where: { $0.name == name }) else { return "a model of the program has this name" }
    return nil
  }

  /// A name made of a file's.
  public static func name(forFile path: String) -> String {
    let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    let name = String(String.UnicodeScalarView(stem.unicodeScalars.map { problem(with: "a\($0)") == nil ? $0 : "_" }))
    return problem(with: name) == nil ? name : "my_" + name
  }
}
