import Foundation

/// Messages that are no results.
enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  static func write(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  static func warn(_ message: String) { write("Warning: \(message)") }
}
