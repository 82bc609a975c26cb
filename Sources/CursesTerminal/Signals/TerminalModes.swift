/// Modes of the terminal that ncurses knows nothing of: bracketed paste and reports of the keyboard focus.
enum TerminalModes {
  static let enable = "\u{1B}[?2004h\u{1B}[?1004h"
  /// Also the mouse modes, in case nobody else switches them off.
  static let disable = "\u{1B}[?2004l\u{1B}[?1004l\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"
}
