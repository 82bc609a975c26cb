import FileSystem
import Foundation
import Testing

/// A folder of its own for each test, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "lrp-files-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
  var contents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? [] }
}

struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func createsAndReplaces() throws {
    let path = folder.file("a.txt")
    try AtomicFile.write("one", to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "one")
    try AtomicFile.write("two, longer", to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "two, longer")
    #expect(folder.contents == ["a.txt"])
  }

  /// Whatever ends the program in between leaves nothing behind.
  @Test func untilItIsWholeAFileHasNoName() throws {
    let descriptor = open(folder.path, 0o20000000 | O_DIRECTORY | O_WRONLY, 0o600)
    try #require(descriptor >= 0, "the file system of \(folder.path) knows no files without names")
    close(descriptor)
    for overwriting in [false, true] {
      let before = folder.contents
      try AtomicFile.write(to: folder.file("a.txt"), overwriting: overwriting) { sink in
        try sink.append(Data(repeating: 7, count: 200_000))
        #expect(folder.contents == before)
      }
      #expect(folder.contents == ["a.txt"])
    }
    #expect(throws: FileError.alreadyExists(path: folder.file("a.txt"))) {
      try AtomicFile.write("x", to: folder.file("a.txt"), overwriting: false)
    }
  }

  @Test func bodyThatThrowsLeavesTheOldContents() throws {
    struct Interruption: Error {}
    let path = folder.file("a.txt")
    try AtomicFile.write("old", to: path)
    #expect(throws: Interruption.self) {
      try AtomicFile.write(to: path) { sink in
        try sink.append(Data(repeating: 7, count: 200_000))
        throw Interruption()
      }
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(folder.contents == ["a.txt"])
  }

  @Test func piecesArriveInOrder() throws {
    let path = folder.file("pieces")
    var expected = Data()
    try AtomicFile.write(to: path) { sink in
      for (index, size) in [1, 70_000, 0, 3, 65_536, 10].enumerated() {
        let piece = Data(repeating: UInt8(index), count: size)
        expected.append(piece)
        if index % 2 == 0 { try sink.append(piece) } else { try piece.withUnsafeBytes { try sink.append($0) } }
      }
      #expect(sink.byteCount == expected.count)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == expected)
  }

  @Test func doesNotOverwriteUnlessAsked() throws {
    let path = folder.file("a.txt")
    try AtomicFile.write("old", to: path, overwriting: false)
    #expect(throws: FileError.alreadyExists(path: path)) { try AtomicFile.write("new", to: path, overwriting: false) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(folder.contents == ["a.txt"])
  }

  @Test func namesWhatIsWrongWithThePath() throws {
    let missing = folder.file("missing/a.txt")
    #expect(throws: FileError.noSuchFolder(path: missing, folder: folder.file("missing"))) {
      try AtomicFile.write("x", to: missing)
    }
    #expect(throws: FileError.isDirectory(path: folder.path)) { try AtomicFile.write("x", to: folder.path) }
    #expect(throws: FileError.isDirectory(path: folder.path + "/new/")) {
      try AtomicFile.write("x", to: folder.path + "/new/")
    }
    #expect(throws: FileError.notARegularFile(path: "/dev/null")) { try AtomicFile.write("x", to: "/dev/null") }
    #expect(throws: FileError.notFound(path: "")) { try AtomicFile.write("x", to: "") }
    #expect(folder.contents.isEmpty)
  }

  @Test(.enabled(if: getuid() != 0, "root may write anywhere"))
  func unwritableFolder() throws {
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    let path = folder.file("a.txt")
    #expect(throws: FileError.notPermitted(path: path, action: "write in its folder")) {
      try AtomicFile.write("x", to: path)
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self"), "needs a read-only file system"))
  func readOnlyFileSystem() {
    #expect(throws: FileError.self) { try AtomicFile.write("x", to: "/proc/lrp-test.txt") }
  }

  @Test func keepsPermissionsAndLinks() throws {
    let (path, link) = (folder.file("real"), folder.file("link"))
    try AtomicFile.write("one", to: path)
    chmod(path, 0o640)
    #expect(symlink("real", link) == 0)
    try AtomicFile.write("two", to: link)
    var status = stat()
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "two")
  }

  @Test func messagesSayWhatToDo() {
    #expect(FileError.diskFull(path: "r.npy", byteCount: 12).description.contains("r.npy: no room for 12 bytes"))
    #expect(FileError.notFound(path: "r.npy").localizedDescription == "r.npy: no such file; check the path")
  }
}

struct MappedFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func readsSlicesWithinBounds() throws {
    let path = folder.file("bytes")
    try AtomicFile.write(Data(0..<100), to: path)
    let file = try MappedFile(path: path)
    #expect(file.count == 100)
    #expect(try Array(file.slice(at: 90, byteCount: 10)) == Array(90..<100))
    #expect(try file.slice(at: 100, byteCount: 0).isEmpty)
    for (offset, count) in [(91, 10), (-1, 2), (0, -1), (Int.max, 1), (1, Int.max), (101, 0)] {
      #expect(throws: FileError.outOfBounds(path: path, offset: offset, byteCount: count, size: 100)) {
        _ = try file.slice(at: offset, byteCount: count)
      }
    }
  }

  @Test func survivesTheFileBeingReplaced() throws {
    let path = folder.file("bytes")
    try AtomicFile.write(Data(repeating: 1, count: 10_000), to: path)
    let file = try MappedFile(path: path)
    try AtomicFile.write(Data(repeating: 2, count: 5), to: path)
    #expect(file.bytes.allSatisfy { $0 == 1 } && file.count == 10_000)
  }

  @Test func emptyFile() throws {
    let path = folder.file("empty")
    try AtomicFile.write(Data(), to: path)
    #expect(try MappedFile(path: path).count == 0)
  }

  @Test func refusesWhatIsNoFile() throws {
    #expect(throws: FileError.notFound(path: folder.file("none"))) { try MappedFile(path: folder.file("none")) }
    #expect(throws: FileError.isDirectory(path: folder.path)) { try MappedFile(path: folder.path) }
    #expect(throws: FileError.notARegularFile(path: "/dev/zero")) { try MappedFile(path: "/dev/zero") }
    let pipe = folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: FileError.notARegularFile(path: pipe)) { try MappedFile(path: pipe) }
  }
}
