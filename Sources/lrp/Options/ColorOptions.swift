import ArgumentParser
import CursesTerminal
import Foundation
import TerminalUI

extension ColorPreference: ExpressibleByArgument {}

/// Whether to write colours.
struct ColorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Colours: auto, always or never; NO_COLOR is respected. (default: auto)", valueName: "when"))
  var color: ColorPreference?

  /// What standard output shows when a command prints.
  var capabilities: DisplayCapabilities {
    let environment = ProcessInfo.processInfo.environment
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    // Files and pipes are UTF-8 whatever the locale; a terminal shows what its locale says, if there is one.
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let isUnicode = locale?.uppercased().replacing("-", with: "").contains("UTF8") ?? true
    let decision = ColorDecision.printing(preference: color ?? .auto, environment: environment, isTerminal: isTerminal)
    return DisplayCapabilities(colorMode: decision.mode, glyphs: isUnicode || !isTerminal ? .unicode : .ascii)
  }
}
