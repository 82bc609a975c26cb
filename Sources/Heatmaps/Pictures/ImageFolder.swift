import FileSystem
import Foundation

/// Pictures in one folder per class, as torchvision's `ImageFolder` reads them: classes are numbered in the order of
/// their folders' names, also those without pictures, which keep their number.
public struct ImageFolder: Sendable {
  public struct Sample: Hashable, Sendable {
    /// Where the picture is.
    public let path: String
    /// The number of its folder.
    public let classIndex: Int

    public init(path: String, classIndex: Int) {
      self.path = path
      self.classIndex = classIndex
    }
  }

  /// Extensions of the pictures that can be read, in lower case.
  public static let extensions = ["png", "jpg", "jpeg", "webp"]

  public let path: String
  /// Names of the folders, in order.
  public let classes: [String]
  /// The pictures, by class and then by path.
  public let samples: [Sample]
  /// Files that are left out because they are no pictures; hidden ones are not listed.
  public let skipped: [String]
  /// Files and folders that are left out because their names are not UTF-8.
  public let unreadable: [String]

  /// Lists a folder. Nothing is read yet: what is called a picture and is none shows when it is opened.
  /// - Throws: `FileError` if a folder cannot be read or if that of a class has no readable name, ``HeatmapError`` if there are no classes or no pictures.
  public init(path: String) throws {
    let expected = "a folder with a folder of pictures per class, as in \(path)/0/a.png"
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw FileError.notFound(path: path)
    }
    guard isFolder.boolValue else { throw HeatmapError.argument(name: path, found: "a file", expected: expected) }
    let top = try Self.entries(of: path)
    // Without it, the classes behind it would have other numbers.
    if let folder = top.unreadableFolders.first { throw FileError.nameNotText(path: path + "/" + folder) }
    guard !top.folders.isEmpty else {
      let found = top.files.isEmpty ? "an empty folder" : "only files in the folder"
      throw HeatmapError.argument(name: path, found: found, expected: expected)
    }
    var listing = Listing(
      skipped: top.files.map { path + "/" + $0 }, unreadable: top.unreadableFiles.map { path + "/" + $0 })
    for (index, name) in top.folders.enumerated() { try listing.add(path + "/" + name, classIndex: index, within: []) }
    guard !listing.samples.isEmpty else {
      throw HeatmapError.argument(
        name: path, found: "\(top.folders.count) folders without pictures",
        expected: "pictures (\(Self.extensions.joined(separator: ", "))) in them")
    }
    self.path = path
    classes = top.folders
    samples = listing.samples
    skipped = listing.skipped
    unreadable = listing.unreadable
  }

  /// The visible entries of a folder, by the bytes of their names. Links count as what they lead to.
  fileprivate static func entries(of path: String) throws -> Entries {
    let listing = try Folder.list(path)
    var result = Entries(
      unreadableFolders: listing.unreadableFolders.sorted(), unreadableFiles: listing.unreadableFiles.sorted())
    for name in listing.names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where !name.hasPrefix(".") {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder) else { continue }
      if isFolder.boolValue { result.folders.append(name) } else { result.files.append(name) }
    }
    return result
  }
}

private struct Entries {
  var folders: [String] = []
  var files: [String] = []
  var unreadableFolders: [String]
  var unreadableFiles: [String]
}

/// Collects the pictures of a class, also from folders within its folder.
private struct Listing {
  var samples: [ImageFolder.Sample] = []
  var skipped: [String]
  var unreadable: [String]

  /// - Parameter parents: the folders around this one, so that links cannot lead in circles.
  mutating func add(_ folder: String, classIndex: Int, within parents: [String]) throws {
    let own = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    guard !parents.contains(own) else { return }
    let entries = try ImageFolder.entries(of: folder)
    unreadable += (entries.unreadableFolders + entries.unreadableFiles).map { folder + "/" + $0 }
    for name in entries.files {
      let path = folder + "/" + name
      if ImageFolder.extensions.contains((name as NSString).pathExtension.lowercased()) {
        samples.append(ImageFolder.Sample(path: path, classIndex: classIndex))
      } else {
        skipped.append(path)
      }
    }
    for name in entries.folders { try add(folder + "/" + name, classIndex: classIndex, within: parents + [own]) }
  }
}
