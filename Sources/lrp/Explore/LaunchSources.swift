import Explorer
import FileSystem
import Foundation
import Heatmaps
import ModelFormats
import ModelZoo
import Synchronization
import Tensors

/// Where the explorer's models and inputs come from: what the command line said, and the embedded ones.
package struct LaunchSources: Sendable {
  /// An input as the network takes it and as the explorer shows it.
  struct Loaded: Sendable {
    let tensor: Tensor
    let sample: InputSample
    /// What was passed over to get to it.
    var passedOver: [String] = []
  }

  /// The model that the command line named, if it had to be opened before the screen was.
  var preloaded: Model? {
    get { opened.model.withLock { $0 } }
    set {
      opened.model.withLock { $0 = newValue }
      preloadedName = newValue?.card.name
    }
  }

  private var preloadedName: String?

  /// Shared by all copies, so that a model which is replaced is gone, and its file with it.
  private final class Opened: Sendable {
    let model = Mutex<Model?>(nil)
  }

  private let opened = Opened()
  /// Opens it anew, after its file was overwritten.
  var reload: (@Sendable () throws -> Model)?
  /// Seeds random parameters and noise.
  var seed: UInt64 = 0
  /// The picture or array that the command line named.
  private var named: InputEntry?
  /// The pictures of the folder that it named.
  private var folder: [InputEntry] = []

  package init(seed: UInt64) { self.seed = seed }

  /// Two inputs that are no files.
  static let random = InputEntry(name: "random", path: "random:")
  static let blank = InputEntry(name: "blank", path: "blank:")

  /// What `[` and `]` page through.
  var inputs: [InputEntry] {
    let own = folder.isEmpty ? named.map { [$0] } ?? [] : folder
    let embedded = ((try? AssetLocator())?.pictures ?? []).map(Self.entry)
    return own + embedded.filter { !own.contains($0) } + [Self.random, Self.blank]
  }

  /// Takes over a file, or the pictures of a folder.
  /// - Throws: if it cannot be read or does not fit the model; of a folder, if that is so of all its pictures.
  mutating func setInput(_ path: String, for model: Model) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      let listing = try Folder.list(path)
      let names = listing.names.sorted()
      for name in listing.unreadableFiles.sorted() {
        StandardError.warn("\(FileError.nameNotText(path: path + "/" + name)); left out")
      }
      let endings = ["png", "jpg", "jpeg", "webp", "npy", "npz"]
      folder = names.filter { endings.contains(($0 as NSString).pathExtension.lowercased()) }
        .map { Self.entry((path as NSString).appendingPathComponent($0)) }
      guard !folder.isEmpty else {
        throw CommandFailure("\(path): no pictures (\(endings.joined(separator: ", "))) found in this folder")
      }
      do {
        named = try firstOfFolder(for: model).sample.entry
      } catch {
        let count = folder.count == 1 ? "the only picture" : "none of the \(folder.count) pictures"
        let verb = folder.count == 1 ? "cannot" : "can"
        throw CommandFailure("\(path): \(count) of this folder \(verb) be read: \(error)")
      }
    } else {
      let entry = Self.entry(path)
      _ = try input(entry, for: model)
      named = entry
    }
  }

  /// The first picture of the folder that can be read: one that is damaged or gone keeps nobody from the others.
  /// - Throws: what is wrong with the first, if none can.
  private func firstOfFolder(for model: Model) throws -> Loaded {
    var problems: [any Error] = []
    for entry in folder {
      do {
        var loaded = try input(entry, for: model)
        loaded.passedOver = problems.map { "\($0)" }
        return loaded
      } catch {
        problems.append(error)
      }
    }
    throw problems[0]
  }

  /// Takes note of a model that has been opened. That of the command line goes when another is open, and its file with
  /// it: what becomes of the file concerns nobody then.
  func keep(_ model: Model) {
    let isNamed = model.card.name == preloadedName
    if isNamed || reload != nil { opened.model.withLock { $0 = isNamed ? model : nil } }
  }

  func model(_ name: String) throws -> Model {
    guard name == preloadedName else { return try ModelZoo.load(name, seed: seed) }
    if let preloaded, (try? preloaded.network.checkUnchanged()) != nil { return preloaded }
    return try reload?() ?? ModelZoo.load(name, seed: seed)
  }

  /// What the command line named, or the picture that suits the model.
  func firstInput(for model: Model) throws -> Loaded {
    if let named, model.card.name == preloadedName {
      return try folder.isEmpty ? input(named, for: model) : firstOfFolder(for: model)
    }
    return try input(Self.entry(AssetLocator().path(model.card.defaultPicture)), for: model)
  }

  static func entry(_ path: String) -> InputEntry {
    InputEntry(name: (path as NSString).lastPathComponent, path: path)
  }

  func input(_ entry: InputEntry, for model: Model) throws -> Loaded {
    let card = model.card
    let shape = card.inputShape.dimensions
    switch entry.path {
    case Self.blank.path:
      return loaded(.zeros(Shape([1] + shape)), entry, card)
    case Self.random.path:
      return loaded(.standardNormal(Shape([1] + shape), seed: seed), entry, card)
    default:
      return loaded(try InputLoading.load(entry.path, card: card).sample(0), entry, card)
    }
  }

  private func loaded(_ tensor: Tensor, _ entry: InputEntry, _ card: ModelCard) -> Loaded {
    let picture = card.preprocessing.picture(of: tensor).map {
      Picture(width: $0.width, height: $0.height, rgb: $0.rgb)
    }
    return Loaded(tensor: tensor, sample: InputSample(entry: entry, picture: picture, shape: tensor.shape))
  }
}
