import Foundation
import Testing

/// Threads, buffers, pages and limits to memory are the engine's: what runs networks and rules knows none of them.
@Suite struct ComputeWallTests {
  private static let forbidden = [
    "BufferPool", "Parallelism", "parallelFor", "MachineLoad", "MemoryRoom", "MappedFile", "retireBorrowedMemory",
    "madvise", "mmap", "Thread", "DispatchQueue", "DispatchSemaphore", "pthread", "UncheckedPointer",
    "UncheckedMutablePointer",
  ]

  /// The words of code, without comments, that are forbidden.
  private static func found(in source: String) -> [String] {
    let code = source.split(separator: "\n").map { String($0).components(separatedBy: "//")[0] }
    return forbidden.filter { word in code.contains { $0.contains(word) } }
  }

  @Test("no pool, page or thread is named outside of Compute", arguments: ["LRP", "NeuralNetwork"])
  func wall(module: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/\(module)")
    let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
    var count = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      count += 1
      let words = Self.found(in: try String(contentsOf: file, encoding: .utf8))
      #expect(words.isEmpty, "\(file.lastPathComponent): \(words.joined(separator: ", "))")
    }
    #expect(count > 20)
  }

  @Test("words of comments do not count, those of code do")
  func words() {
    #expect(Self.found(in: "/// A BufferPool is not ours.\nlet x = 1  // nor a Thread") == [])
    #expect(Self.found(in: "let pool = BufferPool.shared  // ours") == ["BufferPool"])
  }
}
