import FileSystem
import Foundation
import Testing

struct AppendedFileTests {
  @Test func growsAtItsEnd() throws {
    let path = NSTemporaryDirectory() + "lrp-appended-" + UUID().uuidString
    defer { unlink(path) }
    #expect(throws: FileError.notFound(path: path)) { try AppendedFile(path: path) }
    try AtomicFile.write("a\n", to: path)
    let file = try AppendedFile(path: path)
    try file.append(Data("b\n".utf8))
    try file.append(Data())
    try file.append(Data("c\n".utf8))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "a\nb\nc\n")
  }

  /// Only a full disk is called one.
  @Test func errorsAreWhatTheyAre() throws {
    let full = try AppendedFile(path: "/dev/full")
    #expect(throws: FileError.diskFull(path: "/dev/full", byteCount: 2)) { try full.append(Data("x\n".utf8)) }
    // Takes nothing but numbers.
    let path = "/proc/self/oom_score_adj"
    let picky = try AppendedFile(path: path)
    #expect(throws: FileError.system(path: path, action: "write", code: EINVAL)) { try picky.append(Data("x\n".utf8)) }
  }
}
