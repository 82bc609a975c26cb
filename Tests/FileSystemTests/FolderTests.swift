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

  @Test func whatIsInAFolder() throws {
    let root = NSTemporaryDirectory() + "lrp-folder-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: root) }
    try Folder.make(root + "/ä b")
    try AtomicFile.write("x", to: root + "/.hidden")
    #expect(try Folder.names(in: root).sorted() == [".hidden", "ä b"])
    #expect(throws: FileError.notFound(path: root + "/x")) { try Folder.names(in: root + "/x") }
    #expect(throws: FileError.notAFolder(path: root + "/.hidden")) { try Folder.names(in: root + "/.hidden") }
    // Not everything that goes wrong is a matter of permissions.
    #expect(symlink(root + "/loop", root + "/loop") == 0)
    let action = "list the folder"
    #expect(throws: FileError.system(path: root + "/loop", action: action, code: ELOOP)) {
      try Folder.names(in: root + "/loop")
    }
  }

  @Test("names that are not UTF-8 are told, not changed")
  func otherNames() throws {
    let root = NSTemporaryDirectory() + "lrp-folder-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: root) }
    try Folder.make(root)
    try AtomicFile.write("x", to: root + "/käfer.png")
    func path(_ name: [UInt8]) -> [CChar] { (Array((root + "/").utf8) + name).map { CChar(bitPattern: $0) } + [0] }
    close(open(path([0x63, 0x61, 0x66, 0xE9, 0x2E, 0x70, 0x6E, 0x67]), O_CREAT | O_WRONLY, 0o644))
    #expect(mkdir(path([0xFC, 0x62, 0x65, 0x72]), 0o755) == 0)
    let listing = try Folder.list(root)
    #expect(listing.names == ["käfer.png"] && listing.unreadableFiles == ["caf\\xE9.png"])
    #expect(listing.unreadableFolders == ["\\xFCber"])
    #expect(try Folder.names(in: root) == ["käfer.png"])
    // What a shell hands over of such a name.
    let error = #expect(throws: FileError.self) { try MappedFile(path: root + "/caf\u{FFFD}.png") }
    #expect(error?.description.contains("if its name is not UTF-8, rename it") == true)
  }

  @Test func whereTheUsersThingsAre() {
    let home = ["HOME": "/home/a"]
    #expect(UserFolder.configuration.path(home) == "/home/a/.config/lrp")
    #expect(UserFolder.state.path(home) == "/home/a/.local/state/lrp")
    #expect(UserFolder.data.path(home) == "/home/a/.local/share/lrp")
    #expect(UserFolder.state.path(["HOME": "/home/a", "XDG_STATE_HOME": "/s"]) == "/s/lrp")
    #expect(UserFolder.state.path(["HOME": "/home/a", "XDG_STATE_HOME": "s"]) == "/home/a/.local/state/lrp")
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
