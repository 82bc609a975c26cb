import ArgumentParser
import Foundation
import TerminalUI

/// Whether to write colours.
struct ColorOptions: ParsableArguments {
  enum When: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
  }

  @Option(help: ArgumentHelp("Colours: auto, always or never; NO_COLOR is respected.", valueName: "when"))
  var color: When = .auto

  /// What standard output shows.
  var capabilities: DisplayCapabilities {
    let environment = ProcessInfo.processInfo.environment
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    // Files and pipes are UTF-8 whatever the locale; a terminal shows what its locale says.
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let isUnicode = !isTerminal || locale.uppercased().replacing("-", with: "").contains("UTF8")
    return DisplayCapabilities(
      colorMode: mode(environment, isTerminal: isTerminal), glyphs: isUnicode ? .unicode : .ascii)
  }

  private func mode(_ environment: [String: String], isTerminal: Bool) -> ColorMode {
    let term = environment["TERM"] ?? ""
    switch color {
    case .never: return .monochrome
    case .auto where !isTerminal || term.isEmpty || term == "dumb" || !(environment["NO_COLOR"] ?? "").isEmpty:
      return .monochrome
    case .auto, .always:
      if ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") || !isTerminal { return .trueColor }
      return term.contains("256color") ? .indexed256 : .ansi16
    }
  }
}
