import TerminalUI

extension ColorDecision {
  /// The same ladder for commands that print: without asking terminfo, and without colours where nobody looks.
  ///
  /// - Parameters:
  ///   - isTerminal: whether standard output is a terminal. A file or pipe gets colours only with `--color always`
  ///     (or `LRP_COLORS`), and then 24-bit ones.
  public static func printing(
    preference: ColorPreference, environment: [String: String], isTerminal: Bool
  ) -> ColorDecision {
    let term = environment["TERM"] ?? ""
    let isForced = preference == .always || !(environment["LRP_COLORS"] ?? "").isEmpty
    guard isTerminal else {
      if !isForced { return ColorDecision(.monochrome, "standard output is not a terminal") }
      let facts = TerminalFacts(name: "file", colors: 1 << 24)
      return ColorDecision(preference: preference, environment: environment, facts: facts)
    }
    let facts = TerminalFacts(name: term.isEmpty ? "TERM" : term, colors: colors(impliedBy: term))
    return ColorDecision(preference: preference, environment: environment, facts: facts)
  }

  /// What a terminal's name tells about its colours.
  private static func colors(impliedBy term: String) -> Int {
    if term.isEmpty || term == "dumb" || term.hasPrefix("vt") { return 0 }
    if term.hasSuffix("-direct") { return 1 << 24 }
    return term.contains("256color") ? 256 : 8
  }
}
