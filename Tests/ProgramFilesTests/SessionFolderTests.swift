import FileSystem
import Foundation
import ProgramFiles
import Testing

/// What a session keeps for the case that it ends unexpectedly, and what later ones find of it.
struct SessionFolderTests {
  private let folder = NSTemporaryDirectory() + "lrp-state-" + UUID().uuidString
  private let heading = UnsavedHeading(label: "Gamma 0.5 → 3 layers", title: "epsilon_plus", edits: 1)

  private func names(_ path: String) -> [String] { ((try? Folder.names(in: path)) ?? []).sorted() }

  @Test func onlyWhatIsLeftIsFound() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(SessionFolder.left(in: folder).isEmpty)
    var session: SessionFolder? = try SessionFolder(in: folder)
    let path = try #require(session?.path)
    try session?.write("version: 1\n", 7, heading)
    let text = try String(contentsOfFile: path + "/000007.yaml", encoding: .utf8)
    #expect(text == heading.text + "version: 1\n")
    #expect(SessionFolder.left(in: folder).isEmpty, "the session lives")

    session = nil  // as if the program had ended
    let left = SessionFolder.left(in: folder)
    #expect(left.map(\.path) == [path] && left.first?.files == [path + "/000007.yaml"])
    #expect(SessionFolder.left(in: folder).isEmpty, "it is offered once")
    // Whoever begins now has another folder, whatever process it is.
    let next = try SessionFolder(in: folder)
    try next.write("version: 1\n", 0, heading)
    next.remove()
    #expect(names(folder).count == 1 && left.first?.files.count == 1)
    left.first?.remove()
    #expect(names(folder).isEmpty)
  }

  /// Those of the program before it locked them were called like processes.
  @Test func foldersWithoutALockAreFound() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let old = folder + "/unsaved-\(getpid())"
    try Folder.make(old)
    #expect(SessionFolder.left(in: folder).isEmpty, "it may be about to be locked")
    try AtomicFile.write(heading.text, to: old + "/000000.yaml")
    try Folder.make(folder + "/other")
    #expect(SessionFolder.left(in: folder).map(\.path) == [old])
  }

  @Test func statesAreWrittenOnceAndAnewWhereTheyDiffer() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let session = try SessionFolder(in: folder)
    // A state with this number that is not this session's.
    try AtomicFile.write("stale", to: session.path + "/000001.yaml")
    #expect(!session.holds(1, heading))
    try session.write("a", 1, heading)
    #expect(session.holds(1, heading))
    var saved = heading
    saved.edits = 0
    #expect(!session.holds(1, saved))
    try session.write("b", 2, saved)
    session.keepOnly([2])
    #expect(session.files == [session.path + "/000002.yaml"] && !session.holds(1, heading))
  }
}
