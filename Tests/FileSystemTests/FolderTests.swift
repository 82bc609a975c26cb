import FileSystem
import Foundation
import Testing

struct FolderTests {
  @Test func madeWithThoseAroundIt() throws {
    let root = NSTemporaryDirectory() + "lrp-folder-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: root) }
    let path = root + "/a/b/c"
    try Folder.make(path)
    // Again, and with a slash at its end.
    try Folder.make(path + "/")
    try AtomicFile.write("x", to: path + "/file")
    #expect(throws: FileError.notAFolder(path: path + "/file")) { try Folder.make(path + "/file") }
    let error = #expect(throws: FileError.self) { try Folder.make(path + "/file/d/e") }
    #expect(error?.description == "\(path)/file: is a file, expected a folder; choose another path")
  }

  @Test(arguments: [
    ("a/b/c", "a/b"), ("a/b/c/", "a/b"), ("a//b", "a"), ("/a", "/"), ("/", "/"), ("//", "/"), ("a", ""), ("", ""),
    ("x/", ""),
    ("./x", "."), ("/a/b", "/a"),
  ])
  func theFolderOfAPath(path: String, folder: String) {
    #expect(Folder.containing(path) == folder)
  }

  @Test func whatCannotBeMadeIsAnError() {
    #expect(throws: FileError.self) { try Folder.make("") }
    #expect(throws: FileError.self) { try Folder.make("a\u{0}b") }
    #expect(throws: FileError.self) { try Folder.make(String(repeating: "a/", count: 100_000)) }
    #expect(throws: FileError.self) { try Folder.make("/proc/none/such") }
  }
}
