import FileSystem
import Foundation
import Synchronization
import Testing

/// Files that change while they are mapped.
struct ChangedFileTests {
  private static func temporary(_ byteCount: Int) throws -> String {
    let path = NSTemporaryDirectory() + "lrp-mapped-\(UUID().uuidString)"
    try Data(repeating: 7, count: byteCount).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func aTruncatedFileReadsAsZerosAndIsReported() throws {
    let path = try Self.temporary(1 << 20)
    defer { unlink(path) }
    let file = try MappedFile(path: path)
    try file.checkUnchanged()
    #expect(file.bytes[500_000] == 7)
    #expect(truncate(path, 10) == 0)
    // Without help, this would be SIGBUS.
    #expect(file.bytes[500_000] == 0 && file.bytes[file.count - 1] == 0)
    #expect(file.bytes[3] == 7, "what is left is still there")
    #expect(throws: FileError.changed(path: path, size: 1 << 20, newSize: 10)) { try file.checkUnchanged() }
    // Growing again does not heal it.
    #expect(truncate(path, 1 << 20) == 0)
    #expect(throws: FileError.changed(path: path, size: 1 << 20, newSize: 1 << 20)) { try file.checkUnchanged() }
  }

  @Test func aDeletedOrReplacedFileIsStillThere() throws {
    let path = try Self.temporary(100_000)
    let file = try MappedFile(path: path)
    try AtomicFile.write("new", to: path)
    try file.checkUnchanged()
    #expect(file.bytes[99_999] == 7)
    unlink(path)
    try file.checkUnchanged()
    #expect(file.bytes[50_000] == 7)
  }

  @Test func anOverwrittenFileIsReported() throws {
    let path = try Self.temporary(5000)
    defer { unlink(path) }
    let file = try MappedFile(path: path)
    usleep(20_000)  // the clock of the file system is coarse
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.write(contentsOf: Data([1, 2, 3]))
    try handle.close()
    #expect(throws: FileError.changed(path: path, size: 5000, newSize: 5000)) { try file.checkUnchanged() }
  }

  @Test func descriptorsAndRangesAreGivenBack() throws {
    let path = try Self.temporary(5000)
    defer { unlink(path) }
    for _ in 0..<3000 {
      let files = try (0..<3).map { _ in try MappedFile(path: path) }
      #expect(files.allSatisfy { $0.bytes[4999] == 7 })
    }
  }

  @Test func aFileThatIsClosedMeanwhileIsNotChanged() throws {
    let path = try Self.temporary(5000)
    defer { unlink(path) }
    // One thread opens and closes, as when another model is chosen; the other asks, as at the end of an explanation.
    let changed = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 2) { thread in
      for _ in 0..<20_000 {
        if thread == 0 {
          _ = try? MappedFile(path: path)
        } else {
          // The number of a file that the other closes is the next one's.
          do { try MappedFile(path: path).checkUnchanged() } catch { changed.withLock { $0 += 1 } }
        }
      }
    }
    #expect(changed.withLock { $0 } == 0)
  }
}
