import TerminalUI
import Testing

struct KeyTests {
  static let keys: [Key] = [
    .character("a"), .character("?"), .character(" "), .character("é"), .control("r"), .alt("f"), .up, .down, .left,
    .right, .home, .end, .pageUp, .pageDown, .insert, .delete, .backspace, .tab, .backTab, .enter, .escape,
    .function(1), .function(12), .shiftUp, .shiftDown, .shiftLeft, .shiftRight,
  ]

  @Test(arguments: keys)
  func theTextOfHelpReadsBack(key: Key) { #expect(Key(displayText: key.displayText) == key) }

  @Test func namesOfGlyphsAreUnderstood() {
    #expect(Key(displayText: "Enter") == .enter)
    #expect(Key(displayText: "ctrl-R") == .control("r"))
    #expect(Key(displayText: "SPACE") == .character(" "))
    #expect(Key(displayText: "shift-up") == .shiftUp)
  }

  @Test(arguments: ["", "↑↓", "Ctrl-", "Ctrl-ab", "F0", "F99", "nothing"])
  func otherTextsAreNoKeys(text: String) { #expect(Key(displayText: text) == nil) }
}
