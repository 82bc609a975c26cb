import TerminalUI

/// How many colours to use, and why.
public struct ColorDecision: Hashable, Sendable {
  public let mode: ColorMode
  /// What decided, for messages: `COLORTERM=truecolor`.
  public let reason: String

  init(_ mode: ColorMode, _ reason: String) {
    self.mode = mode
    self.reason = reason
  }

  /// Goes down the ladder: `--color`, `LRP_COLORS`, `NO_COLOR`, `COLORTERM`, terminfo's `RGB` and `Tc`, tmux, terminals
  /// known for 24-bit colours, and last terminfo's `colors`.
  ///
  /// - Parameters:
  ///   - environment: the environment variables.
  ///   - facts: of the terminfo entry; without colours there, nothing but `LRP_COLORS` helps.
  public init(
    preference: ColorPreference = .auto, environment: [String: String], facts: TerminalFacts
  ) {
    self = ColorDecision.decide(preference, environment, facts)
  }

  private static func decide(
    _ preference: ColorPreference, _ environment: [String: String], _ facts: TerminalFacts
  ) -> ColorDecision {
    func variable(_ name: String) -> String { environment[name] ?? "" }
    if preference == .never { return ColorDecision(.monochrome, "--color never") }
    if let forced = forcedMode(variable("LRP_COLORS")) {
      return ColorDecision(forced, "LRP_COLORS=\(variable("LRP_COLORS"))")
    }
    if preference == .auto, !variable("NO_COLOR").isEmpty { return ColorDecision(.monochrome, "NO_COLOR") }
    if facts.colors < 8 { return ColorDecision(.monochrome, "terminfo: \(facts.name) has no colours") }

    // GNU screen inherits COLORTERM from the terminal around it but cannot pass 24-bit colours on.
    let isScreen = variable("TERM").hasPrefix("screen") && variable("TMUX").isEmpty && !variable("STY").isEmpty
    if !isScreen {
      if ["truecolor", "24bit"].contains(variable("COLORTERM").lowercased()) {
        return ColorDecision(.trueColor, "COLORTERM=\(variable("COLORTERM"))")
      }
      if facts.declaresTrueColor { return ColorDecision(.trueColor, "terminfo: \(facts.name) declares 24-bit colours") }
      if facts.colors >= 1 << 24 { return ColorDecision(.trueColor, "terminfo: \(facts.name) has 24-bit colours") }
      if !variable("TMUX").isEmpty { return ColorDecision(.trueColor, "tmux converts 24-bit colours") }
      if let known = knownTrueColorTerminal(environment) { return ColorDecision(.trueColor, known) }
    }
    return ColorDecision(
      facts.colors >= 256 ? .indexed256 : .ansi16, "terminfo: \(facts.name) has \(facts.colors) colours")
  }

  /// `LRP_COLORS`: 24bit, 256, 16 or mono; anything else is ignored.
  private static func forcedMode(_ value: String) -> ColorMode? {
    switch value.lowercased() {
    case "24bit": .trueColor
    case "256": .indexed256
    case "16": .ansi16
    case "mono": .monochrome
    default: nil
    }
  }

  private static let trueColorTerms = [
    "alacritty", "contour", "foot", "ghostty", "iterm2", "kitty", "wezterm", "xterm-ghostty", "xterm-kitty",
  ]
  private static let trueColorPrograms = ["ghostty", "iTerm.app", "mintty", "rio", "vscode", "WarpTerminal", "WezTerm"]

  /// The sign by which a terminal known for 24-bit colours is recognised.
  private static func knownTrueColorTerminal(_ environment: [String: String]) -> String? {
    let term = environment["TERM"] ?? ""
    if trueColorTerms.contains(where: term.hasPrefix) { return "TERM=\(term)" }
    let program = environment["TERM_PROGRAM"] ?? ""
    if trueColorPrograms.contains(program) { return "TERM_PROGRAM=\(program)" }
    if let version = Int(environment["VTE_VERSION"] ?? ""), version >= 3600 { return "VTE_VERSION=\(version)" }
    for name in ["WT_SESSION", "KONSOLE_VERSION"] where !(environment[name] ?? "").isEmpty { return name }
    return nil
  }
}
