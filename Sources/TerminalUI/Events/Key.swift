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

  /// The key that help texts show as `displayText`; ASCII names of the glyphs (`Enter`, `Up`, `Backspace`, …) are
  /// understood too, in any case.
  public init?(displayText: String) {
    if displayText.count == 1, let character = displayText.first, Self.named[displayText] == nil {
      self = .character(character)
      return
    }
    let lower = displayText.lowercased()
    if let named = Self.named[lower] {
      self = named
    } else if lower.hasPrefix("ctrl-"), lower.count == 6, let last = lower.last {
      self = .control(last)
    } else if lower.hasPrefix("alt-"), lower.count == 5, let last = displayText.last {
      self = .alt(last)
    } else if lower.first == "f", let number = Int(lower.dropFirst()), (1...63).contains(number) {
      self = .function(number)
    } else {
      return nil
    }
  }

  private static let named: [String: Key] = {
    var named: [String: Key] = [
      "enter": .enter, "up": .up, "down": .down, "left": .left, "right": .right, "backspace": .backspace,
      "escape": .escape, "shift-up": .shiftUp, "shift-down": .shiftDown, "shift-left": .shiftLeft,
      "shift-right": .shiftRight,
    ]
    let keys: [Key] = [
      .character(" "), .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .insert, .delete, .backspace, .tab,
      .backTab, .enter, .escape, .shiftUp, .shiftDown, .shiftLeft, .shiftRight,
    ]
    for key in keys { named[key.displayText.lowercased()] = key }
    return named
  }()
}
