import CNcurses
import Glibc
import TerminalUI

/// The steps of taking over a terminal.
extension Terminal {
  /// The environment variables of this process.
  public nonisolated static func processEnvironment() -> [String: String] {
    var environment: [String: String] = [:]
    var index: Int32 = 0
    while let entry = lrp_environment(index) {
      let text = String(cString: entry)
      if let sign = text.firstIndex(of: "=") {
        environment[String(text[..<sign])] = String(text[text.index(after: sign)...])
      }
      index += 1
    }
    return environment
  }

  /// The terminfo entry of `TERM`, or of xterm where `TERM` has none: terminals too new for the local database
  /// (over ssh) understand what xterm does.
  static func findEntry(_ environment: [String: String]) throws(TerminalError) -> TerminfoEntry {
    guard isatty(STDIN_FILENO) == 1 else { throw .notATerminal(stream: "standard input") }
    guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal(stream: "standard output") }
    let name = environment["TERM"] ?? ""
    guard !name.isEmpty, name != "dumb" else { throw .noCapabilities(name: name) }
    for candidate in [name, "xterm-256color"] {
      if let entry = TerminfoEntry.installed(candidate), entry.canPlaceCursor { return entry }
    }
    throw .unknownTerminal(name: name)
  }

  /// Starts ncurses; for 24-bit colours with a clone of the entry, and else, or if that fails, with the entry itself.
  static func start(_ entry: TerminfoEntry, mode: ColorMode) -> (screen: OpaquePointer, mode: ColorMode)? {
    if mode == .trueColor, let screen = newTerminal(entry.withDirectColors()) { return (screen, mode) }
    return lrp_newterm(entry.name).map { ($0, min(mode, .indexed256)) }
  }

  /// Hands an entry in memory to ncurses; `TERMINFO` is as before when this returns.
  private static func newTerminal(_ entry: TerminfoEntry) -> OpaquePointer? {
    let before = getenv("TERMINFO").map { String(cString: $0) }
    defer {
      if let before { setenv("TERMINFO", before, 1) } else { unsetenv("TERMINFO") }
    }
    let digits = Array("0123456789ABCDEF")
    let bytes = entry.compiled(aliases: "clone of the user's terminal")
    setenv("TERMINFO", "hex:" + String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }), 1)
    return lrp_newterm(entry.name)
  }

  /// Switches colours on and tells how far up the ladder ncurses really goes.
  static func startColors(wanted: ColorMode) -> ColorMode {
    guard wanted > .monochrome, has_colors(), start_color() == OK else { return .monochrome }
    use_default_colors()
    switch lrp_colors() {
    case 1 << 24: return wanted
    case 256...: return min(wanted, .indexed256)
    default: return min(wanted, .ansi16)
    }
  }

  static func startInput() {
    raw()
    noecho()
    nonl()
    curs_set(0)
    keypad(lrp_stdscr(), true)
    nodelay(lrp_stdscr(), true)
    set_escdelay(25)
  }

  /// Writes past ncurses, which has nothing buffered between frames.
  static func send(_ sequence: String) {
    lrp_flush_output()
    let bytes = Array(sequence.utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
  }
}
