import AllocationCounter
import Foundation
import Tensors

/// Files of a format, read one after the other, and what became of them so far.
package struct Trial {
  package let format: HostileFormat
  /// A folder of its own, removed by ``end()``.
  private let folder: String
  private var path: String { folder + "/" + format.fileName }
  package private(set) var failures = 0
  package private(set) var sound = 0
  private var total = 0
  private var largest = (bytes: 0, size: 0)
  private var longest = 0.0

  package init(_ format: HostileFormat) throws {
    self.format = format
    folder = NSTemporaryDirectory() + "lrp-hostile-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, data) in format.companions { try data.write(to: URL(fileURLWithPath: folder + "/" + name)) }
  }

  package func end() { try? FileManager.default.removeItem(atPath: folder) }

  /// What is wrong with the reading of one file, if anything.
  package mutating func read(_ bytes: [UInt8]) throws -> String? {
    // A new file each time: some file systems wait for the disk when one that was emptied is closed.
    unlink(path)
    try bytes.withUnsafeBytes { buffer in
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
      guard descriptor >= 0, write(descriptor, buffer.baseAddress, buffer.count) == buffer.count else {
        throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
      }
      close(descriptor)
    }
    let size = bytes.count + format.companions.values.reduce(0) { $0 + $1.count }
    BufferPool.shared.drain()
    allocation_reset()
    let before = allocation_current()
    let began = Self.computed()
    var message: String?
    do {
      if try format.read(path) { sound += 1 }
    } catch {
      message = "\(error)"
    }
    total += 1
    longest = max(longest, Self.computed() - began)
    // Mapped files count as memory, though the system may let go of their pages.
    let bytesTaken = allocation_peak() - before + size
    if bytesTaken > largest.bytes { largest = (bytesTaken, size) }
    let problem = self.problem(message) ?? self.problem(taken: bytesTaken, size)
    if problem != nil { failures += 1 }
    return problem
  }

  /// Seconds of computing so far, which other programs on the machine do not change.
  private static func computed() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private func problem(taken: Int, _ size: Int) -> String? {
    guard format.countsMemory, taken > 4 * size + format.allowance else { return nil }
    return "\(taken) bytes of memory for \(size) bytes"
  }

  /// Messages are for a terminal: some words, no endless texts, no control characters.
  private func problem(_ message: String?) -> String? {
    guard let message else { return nil }
    if format.namesFile, !message.contains(format.fileName) {
      return "a message that does not name the file: \(message)"
    }
    if message.count > 4000 { return "a message of \(message.count) characters: \(message.prefix(200))" }
    let isBad = message.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7f...0x9f).contains($0.value) }
    if message.count < 10 || isBad { return "a bad message: \(message.debugDescription)" }
    return nil
  }

  package var summary: String {
    "\(format.name): \(total) files, \(sound) sound, \(failures) failures; at most"
      + " \(String(format: "%.2f", longest)) s and \(largest.bytes / 1024) KB, that for \(largest.size / 1024) KB"
  }
}
