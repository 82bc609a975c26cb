import CNcurses
import Glibc
import TerminalUI

/// Which character set the terminal speaks.
package enum LocaleDecision {
  /// The locale to ask for when `LC_CTYPE` is to be set: `""` means the one of the environment.
  ///
  /// Without any locale variable (containers, services) the C locale would mean ASCII, although nearly every terminal
  /// speaks UTF-8; so would a UTF-8 locale that is not installed, for example one sent along by ssh.
  ///
  /// - Parameter isInstalled: whether the C library knows the locale of the environment.
  package static func locale(environment: [String: String], isInstalled: Bool) -> String {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    guard let chosen = names.compactMap({ environment[$0] }).first(where: { !$0.isEmpty }) else { return "C.UTF-8" }
    let charset = chosen.uppercased().replacing("-", with: "")
    return !isInstalled && charset.contains("UTF8") ? "C.UTF-8" : ""
  }

  /// Sets the character type of the process (numbers and messages stay as in C) and tells what can be shown.
  static func apply(environment: [String: String]) -> GlyphSet {
    let isInstalled = setlocale(LC_CTYPE, "") != nil
    let locale = locale(environment: environment, isInstalled: isInstalled)
    if !locale.isEmpty { setlocale(LC_CTYPE, locale) }
    guard let charset = nl_langinfo(nl_item(CODESET)) else { return .ascii }
    return String(cString: charset) == "UTF-8" ? .unicode : .ascii
  }
}
