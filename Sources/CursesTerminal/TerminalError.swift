/// Why there can be no interactive terminal. The application then prints a frame of plain text instead.
public enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Standard input or output is a file or a pipe.
  case notATerminal(stream: String)
  /// `TERM` is unset, empty or `dumb`.
  case noCapabilities(name: String)
  /// Neither `TERM` nor a substitute has a terminfo entry with cursor movement.
  case unknownTerminal(name: String)
  /// ncurses refused to start.
  case initializationFailed(name: String)

  public var description: String {
    switch self {
    case .notATerminal(let stream):
      "\(stream) is not a terminal; start lrp without redirection, or use a command that prints"
    case .noCapabilities(let name):
      name.isEmpty
        ? "TERM is not set; set it to the kind of your terminal, for example TERM=xterm-256color"
        : "TERM=\(name) can only print lines; use a terminal that moves its cursor, for example TERM=xterm-256color"
    case .unknownTerminal(let name):
      "the terminal \"\(name)\" has no terminfo entry here; install it (package ncurses-term), "
        + "or set TERM to a known one, for example TERM=xterm-256color"
    case .initializationFailed(let name):
      "ncurses cannot use the terminal \"\(name)\"; try another one, for example TERM=xterm-256color"
    }
  }
}
