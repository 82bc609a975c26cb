import Foundation
import ModelFormats
import Tensors
import Testing

/// The root of the repository.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

/// A file of `Tests/Fixtures/models`.
func fixture(_ name: String) throws -> SafetensorsFile {
  try SafetensorsFile(path: root + "/Tests/Fixtures/models/\(name).safetensors")
}

extension SafetensorsFile {
  /// The tensor's numbers as bytes.
  func bytes(_ name: String) throws -> [UInt8] { try tensor(name).rowMajorElements().map { UInt8($0) } }
}

/// ‖a − b‖ / ‖b‖.
func relativeError(_ found: [Float], _ expected: [Float]) -> Double {
  precondition(found.count == expected.count)
  let difference = zip(found, expected).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
  return (difference / expected.reduce(0.0) { $0 + pow(Double($1), 2) }).squareRoot()
}

/// A folder of its own for each test, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "lrp-zoo-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
