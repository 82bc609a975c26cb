import TerminalUI

/// Keys as scripts write them: `j`, `enter`, `ctrl-r`, `alt-b`, `f1`.
package enum KeyName {
  private static let names: [(name: String, key: Key)] = [
    ("up", .up), ("down", .down), ("left", .left), ("right", .right), ("home", .home), ("end", .end),
    ("pageup", .pageUp), ("pagedown", .pageDown), ("insert", .insert), ("delete", .delete),
    ("backspace", .backspace), ("tab", .tab), ("backtab", .backTab), ("enter", .enter), ("escape", .escape),
    ("space", .character(" ")), ("shift-up", .shiftUp), ("shift-down", .shiftDown), ("shift-left", .shiftLeft),
    ("shift-right", .shiftRight),
  ]

  /// What is expected where a key is.
  package static let expectation =
    "a key expected: one character, " + names.map(\.name).joined(separator: ", ") + ", f1…, ctrl-x or alt-x"

  /// - Returns: `nil` if no key is called that.
  package static func key(_ name: String) -> Key? {
    if let key = names.first(where: { $0.name == name })?.key { return key }
    if name.count == 1, let character = name.first { return isPrintable(character) ? .character(character) : nil }
    let parts = name.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, parts[1].count == 1, let character = parts[1].first, isPrintable(character) {
      switch parts[0] {
      case "ctrl": return character.isASCII ? .control(Character(character.lowercased())) : nil
      case "alt": return .alt(character)
      default: return nil
      }
    }
    if name.first == "f", let number = Int(name.dropFirst()), (0...63).contains(number) { return .function(number) }
    return nil
  }

  /// The name of a key; `nil` for a character that cannot be written.
  package static func name(_ key: Key) -> String? {
    if let name = names.first(where: { $0.key == key })?.name { return name }
    switch key {
    case .character(let character): return isPrintable(character) ? String(character) : nil
    case .control(let character): return isPrintable(character) ? "ctrl-\(character)" : nil
    case .alt(let character): return isPrintable(character) ? "alt-\(character)" : nil
    case .function(let number): return "f\(number)"
    default: return nil
    }
  }

  private static func isPrintable(_ character: Character) -> Bool {
    !character.isNewline
      && !character.unicodeScalars.contains { $0.properties.generalCategory == .control || $0 == "\u{FFFD}" }
  }
}
