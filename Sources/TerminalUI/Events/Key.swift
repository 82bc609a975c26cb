/// A key or a combination of keys as a terminal reports it.
public enum Key: Hashable, Sendable {
  case character(Character)
  /// Ctrl with a letter (lower case) or one of `@ [ \ ] ^ _`.
  case control(Character)
  /// Alt (or Esc just before) with a character.
  case alt(Character)
  case up, down, left, right
  case home, end, pageUp, pageDown
  case insert, delete, backspace
  case tab, backTab, enter, escape
  /// F1…F12 and beyond.
  case function(Int)
  case shiftUp, shiftDown, shiftLeft, shiftRight

  /// The key as help texts show it: `Ctrl-r`, `↵`, `space`, `Esc`.
  public var displayText: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .control(let character): "Ctrl-\(character)"
    case .alt(let character): "Alt-\(character)"
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .insert: "Ins"
    case .delete: "Del"
    case .backspace: "⌫"
    case .tab: "Tab"
    case .backTab: "Shift-Tab"
    case .enter: "↵"
    case .escape: "Esc"
    case .function(let number): "F\(number)"
    case .shiftUp: "Shift-↑"
    case .shiftDown: "Shift-↓"
    case .shiftLeft: "Shift-←"
    case .shiftRight: "Shift-→"
    }
  }
}
