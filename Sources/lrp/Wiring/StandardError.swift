import Foundation

/// Messages that are no results.
enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  static func write(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  static func warn(_ message: String) { write("Warning: \(message)") }

  /// Asks a question that is answered with yes or no on standard input.
  static func ask(_ question: String) -> Bool {
    FileHandle.standardError.write(Data((question + " [y/N] ").utf8))
    return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
  }
}

enum StandardInput {
  static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }
}
