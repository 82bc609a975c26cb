import Foundation

/// The folder of what the program brings along: models, pictures, labels.
///
/// It is, in this order: the environment variable `LRP_ASSETS`; `../share/lrp` as seen from the executable, or
/// `../../share/lrp` where it is in `lib/lrp` beside its libraries; `assets` of the checkout that holds the executable or the working directory.
public struct AssetLocator: Sendable {
  /// The folder that holds `models`, `images` and `labels`.
  public let folder: String

  /// The assets of the running program.
  /// - Throws: ``ModelZooError/noAssets(searched:)``.
  public init() throws {
    try self.init(
      environment: ProcessInfo.processInfo.environment["LRP_ASSETS"], executable: Self.executable,
      workingDirectory: FileManager.default.currentDirectoryPath)
  }

  /// Looks from given places, for tests.
  public init(environment: String?, executable: String?, workingDirectory: String) throws {
    var searched: [String] = []
    func holdsAssets(_ folder: String) -> Bool {
      searched.append(folder)
      return FileManager.default.fileExists(atPath: folder + "/models")
    }
    if let environment, !environment.isEmpty {
      guard holdsAssets(environment) else { throw ModelZooError.noAssets(searched: ["\(environment) (LRP_ASSETS)"]) }
      folder = environment
      return
    }
    if let executable {
      let parent = Self.parent(Self.parent(executable))
      let prefixes = [parent] + (executable.hasSuffix("/lib/lrp/lrp") ? [Self.parent(parent)] : [])
      for installed in prefixes.map({ $0 + "/share/lrp" }) where holdsAssets(installed) {
        folder = installed
        return
      }
    }
    for start in [executable.map(Self.parent), workingDirectory].compactMap({ $0 }) {
      if let checkout = Self.checkout(above: start), holdsAssets(checkout + "/assets") {
        folder = checkout + "/assets"
        return
      }
    }
    throw ModelZooError.noAssets(searched: searched + ["the checkout above \(workingDirectory)"])
  }

  /// The nearest folder from `start` upwards with a `Package.swift` and `assets`.
  private static func checkout(above start: String) -> String? {
    var folder = start
    while !folder.isEmpty {
      let files = FileManager.default
      if files.fileExists(atPath: folder + "/Package.swift"), files.fileExists(atPath: folder + "/assets/models") {
        return folder
      }
      if folder == "/" { return nil }
      folder = parent(folder)
    }
    return nil
  }

  private static func parent(_ path: String) -> String { (path as NSString).deletingLastPathComponent }

  /// The running executable, with symbolic links followed, so that a link in `~/bin` works.
  private static var executable: String? {
    if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { return path }
    return Bundle.main.executablePath.map { ($0 as NSString).resolvingSymlinksInPath }
  }

  /// The path of an asset, `models/fashion_mlp.safetensors`.
  /// - Throws: ``ModelZooError/missingAsset(path:)``.
  public func path(_ name: String) throws -> String {
    let path = folder + "/" + name
    guard FileManager.default.fileExists(atPath: path) else { throw ModelZooError.missingAsset(path: path) }
    return path
  }

  /// The paths of all pictures, sorted by name.
  public var pictures: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/images")) ?? []
    return names.filter { name in [".png", ".jpg"].contains { name.hasSuffix($0) } }.sorted()
      .map { folder + "/images/" + $0 }
  }

  /// The lines of a file under `labels`.
  func labels(_ name: String) throws -> [String] { try LabelFile.read(path("labels/\(name).txt")) }
}
