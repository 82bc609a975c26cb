import Foundation
import TerminalUI
import Testing

/// Compares screens with files under `Snapshots`. With `RECORD_SNAPSHOTS=1` in the environment the files are written
/// anew, and the test fails so that nobody takes a recording for a pass.
enum Snapshot {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Snapshots")

  /// Compares characters and styles.
  static func expect(
    _ buffer: CellBuffer, named name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try expect(text: buffer.snapshotText(), named: name, sourceLocation: sourceLocation)
  }

  /// Compares any text.
  static func expect(text: String, named name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = folder.appending(path: name.replacing(" ", with: "-") + ".txt")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name)", sourceLocation: sourceLocation)
      return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    guard text != expected else { return }
    let (found, wanted) = (text.split(separator: "\n"), expected.split(separator: "\n"))
    let line = zip(found, wanted).enumerated().first { $1.0 != $1.1 }
    let difference = line.map { "line \($0 + 1):\nfound    \($1.0)\nexpected \($1.1)" } ?? "the lengths differ"
    Issue.record("\(name) differs from its snapshot; \(difference)", sourceLocation: sourceLocation)
  }
}

extension CellBuffer {
  /// A part of the screen.
  func cropped(to place: Rect) -> CellBuffer {
    var part = CellBuffer(width: place.width, height: place.height)
    for y in 0..<place.height {
      for x in 0..<place.width { part[x, y] = self[place.x + x, place.y + y] }
    }
    return part
  }

  /// The characters of a row.
  func text(_ y: Int) -> String { row(y).map(\.text).joined() }
}
