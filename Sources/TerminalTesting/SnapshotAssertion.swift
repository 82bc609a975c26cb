import Foundation
import TerminalUI

/// A buffer does not look as recorded, or the recording was just made.
package struct SnapshotMismatch: Error, CustomStringConvertible {
  package let description: String
}

/// Compares a buffer with its recording in `Tests/Snapshots/<test target>/<name>.txt`.
///
/// With `RECORD_SNAPSHOTS=1` in the environment the recording is replaced, which also counts as a failure: nobody
/// should run with it by habit. Look at the difference (`git diff Tests/Snapshots`) before committing.
package func assertSnapshot(of buffer: CellBuffer, named name: String, filePath: String = #filePath) throws {
  try assertSnapshot(ofText: buffer.snapshotText(), named: name, filePath: filePath)
}

/// The same for any text.
package func assertSnapshot(ofText text: String, named name: String, filePath: String = #filePath) throws {
  let parts = filePath.split(separator: "/").map(String.init)
  guard let tests = parts.lastIndex(of: "Tests"), tests + 2 < parts.count else {
    throw SnapshotMismatch(description: "\(filePath) is not inside Tests/<target>/")
  }
  let folder = "/" + parts[...tests].joined(separator: "/") + "/Snapshots/" + parts[tests + 1]
  let file = folder + "/" + name + ".txt"
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    throw SnapshotMismatch(description: "recorded \(file)")
  }
  guard let recorded = try? String(contentsOfFile: file, encoding: .utf8) else {
    throw SnapshotMismatch(description: "\(file) is missing; run once with RECORD_SNAPSHOTS=1\n\(text)")
  }
  if recorded != text {
    throw SnapshotMismatch(description: "\(name) differs from its recording; now:\n\(text)\nrecorded:\n\(recorded)")
  }
}
