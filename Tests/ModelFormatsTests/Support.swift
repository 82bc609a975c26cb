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

/// A small random number generator for damaged files; the same numbers on every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
