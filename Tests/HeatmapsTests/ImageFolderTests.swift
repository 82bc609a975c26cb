import FileSystem
import Foundation
import Heatmaps
import Testing

struct ImageFolderTests {
  /// A folder with empty files, removed in the end.
  private final class Folder {
    let path = NSTemporaryDirectory() + "lrp-folder-\(UUID().uuidString)"
    init(_ files: [String], folders: [String] = []) throws {
      for folder in folders + files.map({ ($0 as NSString).deletingLastPathComponent }) {
        try FileManager.default.createDirectory(atPath: path + "/" + folder, withIntermediateDirectories: true)
      }
      for file in files { try Data().write(to: URL(fileURLWithPath: path + "/" + file)) }
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func relative(_ path: String) -> String { String(path.dropFirst(self.path.count + 1)) }
  }

  @Test(
    "names that are not UTF-8 are listed; a class of such a name is refused, because others would change their numbers")
  func otherNames() throws {
    let folder = try Folder(["a/1.png", "b/2.png"])
    func path(_ name: [UInt8]) -> [CChar] {
      (Array((folder.path + "/").utf8) + name).map { CChar(bitPattern: $0) } + [0]
    }
    close(open(path([0x62, 0x2F, 0x63, 0x61, 0x66, 0xE9, 0x2E, 0x70, 0x6E, 0x67]), O_CREAT | O_WRONLY, 0o644))
    let found = try ImageFolder(path: folder.path)
    #expect(found.samples.count == 2 && found.unreadable.map(folder.relative) == ["b/caf\\xE9.png"])
    #expect(mkdir(path([0xE4]), 0o755) == 0)
    #expect(throws: FileError.nameNotText(path: folder.path + "/\\xE4")) { try ImageFolder(path: folder.path) }
  }

  @Test("classes are numbered in the order of their names, empty ones too")
  func order() throws {
    let folder = try Folder(
      [
        "b/2.png", "b/10.PNG", "b/deep/a.webp", "Z/x.jpeg", "c/.hidden.png", "c/notes.txt", ".git/x.png", "d/1.jpg",
        "readme.md",
      ], folders: ["a"])
    let found = try ImageFolder(path: folder.path)
    #expect(found.classes == ["Z", "a", "b", "c", "d"])
    #expect(
      found.samples.map { "\($0.classIndex) \(folder.relative($0.path))" } == [
        "0 Z/x.jpeg", "2 b/10.PNG", "2 b/2.png", "2 b/deep/a.webp", "4 d/1.jpg",
      ])
    #expect(found.skipped.map(folder.relative) == ["readme.md", "c/notes.txt"])
  }

  @Test("links are followed, but not in circles")
  func links() throws {
    let folder = try Folder(["a/1.png"])
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/a/again", withDestinationPath: folder.path + "/a")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/b", withDestinationPath: folder.path + "/a")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/a/broken.png", withDestinationPath: "nowhere")
    let found = try ImageFolder(path: folder.path)
    #expect(found.samples.map { folder.relative($0.path) } == ["a/1.png", "b/1.png"])
  }

  @Test("what is no such folder is said")
  func mistakes() throws {
    func message(_ path: String) -> String {
      do {
        _ = try ImageFolder(path: path)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message("/nowhere/at/all") == "/nowhere/at/all: no such file; check the path")
    let flat = try Folder(["a.png"])
    #expect(message(flat.path).contains("found only files in the folder, expected a folder with a folder of pictures"))
    #expect(message(flat.path + "/a.png").contains("found a file"))
    let none = try Folder(["a/x.txt"])
    #expect(message(none.path).contains("found 1 folders without pictures, expected pictures (png, jpg, jpeg, webp)"))
    let empty = try Folder([], folders: [""])
    #expect(message(empty.path).contains("found an empty folder"))
    withExtendedLifetime((flat, none, empty)) {}
  }
}
