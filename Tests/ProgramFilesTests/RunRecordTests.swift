import FileSystem
import Foundation
import ProgramFiles
import Testing

/// What a run over a folder of pictures leaves, read again by the next.
struct RunRecordTests {
  private let settings = ["--model": "m", "--seed": "0"]
  private let header = "{\"--model\":\"m\",\"--seed\":\"0\"}\n"

  private func read(_ text: String) throws -> RunRecord.Old {
    let path = NSTemporaryDirectory() + "lrp-record-" + UUID().uuidString
    try AtomicFile.write(text, to: path)
    defer { unlink(path) }
    return try RunRecord.read(path, settings: settings)
  }

  @Test func whatIsNoEntryIsLeftOut() throws {
    let entry = "{\"class\":3,\"picture\":\"a.png\",\"predicted\":4,\"sample\":7}"
    let old = try read(header + "nonsense\n\n" + entry + "\n{\"sample\":1e999}\n" + entry.dropLast(5))
    #expect(old.entries == [7: RunRecord.Entry(sample: 7, picture: "a.png", class: 3, predicted: 4)])
    #expect(old.changedSettings.isEmpty)
  }

  @Test func anotherRunsSettingsAreNamedForATerminal() throws {
    let old = try read("{\"--model\":\"other\",\"--seed\":\"0\",\"\\u001b[2J\":\"x\"}\n{}\n")
    #expect(old.entries.isEmpty && old.changedSettings == ["\\u{1b}[2J", "--model"])
    #expect(try read("[1]\n").changedSettings == ["--model", "--seed"])
    #expect(try read("").changedSettings.isEmpty)
  }

  @Test func aFolderInItsPlaceIsNamed() throws {
    #expect(throws: FileError.isDirectory(path: "/tmp")) { try RunRecord.read("/tmp", settings: settings) }
  }
}
