import FileSystem
import Foundation
import ModelFormats
import Testing

/// A folder of its own for each test, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "lrp-formats-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func file(_ data: Data, _ name: String = "file") throws -> String {
    let path = path + "/" + name
    try AtomicFile.write(data, to: path)
    return path
  }
}

/// The path of a file in `Tests/Fixtures/formats`.
func fixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/formats/\(name)").path
}

/// What the fixtures hold.
func fixtureValues(_ type: Character) -> [Float] {
  (0..<120).map { type == "u" ? Float($0) : type == "i" ? Float($0 - 3) : Float($0 - 3) / 4 }
}

/// Runs `body`, which must throw a ``ModelFormatError``, and returns the message.
func message(of body: () throws -> Void) throws -> String {
  let error = try #require(throws: ModelFormatError.self) { try body() }
  return error.description
}
