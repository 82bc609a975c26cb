import CursesTerminal
import TerminalUI
import Testing

struct ColorDecisionTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var preference = ColorPreference.auto
    var environment: [String: String] = [:]
    var colors = 256
    var declares = false
    let expected: ColorMode

    init(
      _ description: String, _ environment: [String: String] = [:], preference: ColorPreference = .auto,
      colors: Int = 256, declares: Bool = false, is expected: ColorMode
    ) {
      testDescription = description
      self.environment = environment
      self.preference = preference
      self.colors = colors
      self.declares = declares
      self.expected = expected
    }
  }

  static let cases = [
    Case("nothing but terminfo: 256", is: .indexed256),
    Case("nothing but terminfo: 88", colors: 88, is: .ansi16),
    Case("nothing but terminfo: 8", colors: 8, is: .ansi16),
    Case("nothing but terminfo: none", colors: 0, is: .monochrome),
    Case("a direct-colour entry", colors: 1 << 24, is: .trueColor),
    Case("RGB or Tc in terminfo", declares: true, is: .trueColor),
    Case(
      "--color never beats everything", ["LRP_COLORS": "24bit", "COLORTERM": "truecolor"], preference: .never,
      is: .monochrome),
    Case("LRP_COLORS=256", ["LRP_COLORS": "256", "COLORTERM": "truecolor"], is: .indexed256),
    Case("LRP_COLORS=16", ["LRP_COLORS": "16"], is: .ansi16),
    Case("LRP_COLORS=mono", ["LRP_COLORS": "mono"], is: .monochrome),
    Case("LRP_COLORS=24bit beats NO_COLOR", ["LRP_COLORS": "24bit", "NO_COLOR": "1"], is: .trueColor),
    Case("an unknown LRP_COLORS is ignored", ["LRP_COLORS": "many"], is: .indexed256),
    Case("NO_COLOR", ["NO_COLOR": "1", "COLORTERM": "truecolor"], is: .monochrome),
    Case("an empty NO_COLOR means nothing", ["NO_COLOR": ""], is: .indexed256),
    Case("--color always beats NO_COLOR", ["NO_COLOR": "1"], preference: .always, is: .indexed256),
    Case("COLORTERM=truecolor", ["COLORTERM": "truecolor"], is: .trueColor),
    Case("COLORTERM=24bit", ["COLORTERM": "24bit"], is: .trueColor),
    Case("another COLORTERM", ["COLORTERM": "1"], is: .indexed256),
    Case("COLORTERM on a terminal without colours", ["COLORTERM": "truecolor"], colors: 0, is: .monochrome),
    Case("tmux", ["TMUX": "/tmp/tmux,1,0", "TERM": "screen"], colors: 8, is: .trueColor),
    Case(
      "screen inherits COLORTERM in vain", ["COLORTERM": "truecolor", "TERM": "screen-256color", "STY": "1.pts"],
      is: .indexed256),
    Case(
      "screen inside tmux's TERM", ["COLORTERM": "truecolor", "TERM": "screen-256color", "TMUX": "x"], is: .trueColor),
    Case("kitty", ["TERM": "xterm-kitty"], is: .trueColor),
    Case("foot-extra", ["TERM": "foot-extra"], is: .trueColor),
    Case("plain xterm", ["TERM": "xterm-256color"], is: .indexed256),
    Case("vscode", ["TERM_PROGRAM": "vscode"], is: .trueColor),
    Case("Terminal.app", ["TERM_PROGRAM": "Apple_Terminal"], is: .indexed256),
    Case("VTE new enough", ["VTE_VERSION": "6800"], is: .trueColor),
    Case("VTE too old", ["VTE_VERSION": "3409"], is: .indexed256),
    Case("VTE nonsense", ["VTE_VERSION": "new"], is: .indexed256),
    Case("Windows Terminal", ["WT_SESSION": "abc"], is: .trueColor),
    Case("Konsole", ["KONSOLE_VERSION": "220401"], is: .trueColor),
  ]

  @Test("The ladder", arguments: cases)
  func ladder(_ one: Case) {
    let facts = TerminalFacts(name: "some-terminal", colors: one.colors, declaresTrueColor: one.declares)
    let decision = ColorDecision(preference: one.preference, environment: one.environment, facts: facts)
    #expect(decision.mode == one.expected)
  }

  @Test(
    arguments: [
      (.auto, [:], false, .monochrome), (.auto, ["COLORTERM": "truecolor"], false, .monochrome),
      (.always, ["NO_COLOR": "1"], false, .trueColor), (.auto, ["LRP_COLORS": "16"], false, .ansi16),
      (.never, ["LRP_COLORS": "16"], true, .monochrome), (.auto, ["TERM": "xterm-256color"], true, .indexed256),
      (.auto, ["TERM": "xterm"], true, .ansi16), (.auto, ["TERM": "dumb"], true, .monochrome),
      (.auto, [:], true, .monochrome), (.auto, ["TERM": "xterm-direct"], true, .trueColor),
      (.auto, ["TERM": "xterm-256color", "COLORTERM": "truecolor"], true, .trueColor),
      (.auto, ["TERM": "xterm-256color", "NO_COLOR": "1"], true, .monochrome),
    ] as [(ColorPreference, [String: String], Bool, ColorMode)])
  func printing(_ preference: ColorPreference, _ environment: [String: String], _ isTerminal: Bool, _ mode: ColorMode) {
    let decision = ColorDecision.printing(preference: preference, environment: environment, isTerminal: isTerminal)
    #expect(decision.mode == mode)
  }

  @Test func theReasonNamesWhatDecided() {
    let facts = TerminalFacts(name: "xterm-256color", colors: 256)
    let byVariable = ColorDecision(environment: ["COLORTERM": "truecolor"], facts: facts)
    #expect(byVariable.reason == "COLORTERM=truecolor")
    #expect(ColorDecision(environment: [:], facts: facts).reason == "terminfo: xterm-256color has 256 colours")
  }

  @Test(
    arguments: [
      ([:], true, "C.UTF-8"), ([:], false, "C.UTF-8"), (["LANG": ""], true, "C.UTF-8"),
      (["LANG": "de_DE.UTF-8"], true, ""), (["LANG": "de_DE.UTF-8"], false, "C.UTF-8"),
      (["LC_ALL": "en_US.utf8"], false, "C.UTF-8"), (["LC_ALL": "C"], true, ""),
      (["LC_ALL": "C", "LANG": "en_US.UTF-8"], true, ""), (["LANG": "de_DE@euro"], false, ""),
    ] as [([String: String], Bool, String)])
  func locale(_ environment: [String: String], _ isInstalled: Bool, _ expected: String) {
    #expect(LocaleDecision.locale(environment: environment, isInstalled: isInstalled) == expected)
  }
}
