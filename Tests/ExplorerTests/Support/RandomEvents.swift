import Explorer
import TerminalUI

/// Everything a user and a terminal can do, at random.
enum RandomEvents {
  private static let special: [Key] = [
    .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .delete, .backspace, .tab, .backTab, .enter, .escape,
    .shiftUp, .shiftDown, .shiftLeft, .shiftRight, .control("r"), .control("u"), .control("l"), .function(1), .insert,
    .alt("b"), .control("w"), .control("k"),
  ]
  /// Those of the tutor; leaving it is tested elsewhere.
  private static let tutor: [Key] = (2...9).map { .function($0) } + [.control("n")]
  static let sizes = [(80, 24), (120, 40), (200, 60), (1, 1), (400, 120), (79, 24), (80, 25), (2, 300), (500, 3)]
  static let junk = [
    "\u{1B}[31m\0\n12\t漢字 \u{301}", "0.5", "\u{202E}abc\u{200D}👩‍👩‍👧", String(repeating: "long ", count: 300), "\r\n\r\n",
    "\u{FFFD}\u{7F}", "*.project", "-1e999", "{[",
  ]

  static func event(_ numbers: inout some RandomNumberGenerator) -> Event {
    switch Int.random(in: 0..<100, using: &numbers) {
    case 0..<45:
      let code = UInt8.random(in: 32..<127, using: &numbers)
      // Leaving is tested elsewhere.
      return .key(.character(code == UInt8(ascii: "q") ? "j" : Character(UnicodeScalar(code))))
    case 45..<50: return .key(tutor.randomElement(using: &numbers) ?? .function(4))
    case 50..<80: return .key(special.randomElement(using: &numbers) ?? .escape)
    case 80..<93:
      let kinds: [MouseEvent.Kind] = [
        .press(.left), .drag(.left), .release(.left), .wheelUp, .wheelDown, .press(.right), .press(.middle),
      ]
      return .mouse(
        MouseEvent(
          kinds.randomElement(using: &numbers) ?? .wheelUp, x: Int.random(in: -3..<410, using: &numbers),
          y: Int.random(in: -3..<125, using: &numbers)))
    case 93..<96: return .paste(junk.randomElement(using: &numbers) ?? "")
    case 96..<98:
      let size = sizes.randomElement(using: &numbers) ?? (80, 24)
      return .resize(width: size.0, height: size.1)
    case 98: return .resumed
    default: return .focusLost
    }
  }
}
