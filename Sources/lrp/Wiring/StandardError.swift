import Foundation

/// Messages that are no results.
enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a message; what would command the terminal, as names of files can, is spelled out.
  static func write(_ line: String) { put(line.withoutTerminalCommands + "\n") }

  /// Writes as much as goes: that a message could not be written is no reason to end, and there is nobody to tell.
  static func put(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  static func warn(_ message: String) { write("Warning: \(message)") }

  /// Asks a question that is answered with yes or no on standard input.
  static func ask(_ question: String) -> Bool {
    put(question + " [y/N] ")
    return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
  }
}

extension String {
  /// Control characters other than the newline and the tab as `\u{1b}`.
  var withoutTerminalCommands: String {
    guard unicodeScalars.contains(where: \.commandsTerminals) else { return self }
    return unicodeScalars.map { $0.commandsTerminals ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
  }
}

extension Unicode.Scalar {
  fileprivate var commandsTerminals: Bool { properties.generalCategory == .control && self != "\n" && self != "\t" }
}

enum StandardInput {
  static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }
}
