/// Modes of the terminal that are switched here and not by ncurses. Terminals that do not know one ignore it.
enum TerminalModes {
  /// Bracketed paste, reports of the keyboard focus, and the mouse: presses, and movements while a button is held,
  /// in the SGR format without a limit of columns.
  static func enable(mouse: Bool) -> String {
    "\u{1B}[?2004h\u{1B}[?1004h" + (mouse ? "\u{1B}[?1002h\u{1B}[?1006h" : "")
  }
  static let disable = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1004l\u{1B}[?2004l" + wholeScreenScrolls

  /// ncurses sets the rows that scroll to the screen's size as it knows it, which may be gone: whoever comes next would
  /// write its lines over one another at the bottom. Puts the cursor into the corner.
  static let wholeScreenScrolls = "\u{1B}[r"
}
