import TerminalUI
import Testing

struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("ｶﾅ", 2), ("Ａ", 2), ("🐈", 2), ("▀▄█", 3),
    ("─│┌", 3), ("…", 1), ("ΣRγε", 4), ("a\u{200B}b", 2), ("\u{1B}[", 2), ("±∞", 2), ("\u{AD}", 0),
  ])
  func width(_ text: String, _ expected: Int) {
    #expect(text.displayWidth == expected)
  }

  @Test(arguments: [
    ("conv_stem", 9, Truncation.tail, "conv_stem"), ("conv_stem", 5, .tail, "conv…"), ("conv_stem", 5, .head, "…stem"),
    ("conv_stem", 5, .middle, "co…em"), ("conv_stem", 1, .tail, "…"), ("conv_stem", 0, .tail, ""),
    ("日本語", 4, .tail, "日…"), ("日本語", 4, .head, "…語"), ("日本語", 5, .tail, "日本…"),
    ("e\u{301}e\u{301}e\u{301}", 2, .tail, "e\u{301}…"),
  ])
  func truncation(_ text: String, _ width: Int, _ truncation: Truncation, _ expected: String) {
    #expect(text.truncated(to: width, at: truncation) == expected)
    #expect(text.truncated(to: width, at: truncation).displayWidth <= max(0, width))
  }

  @Test func fittingFillsAndCuts() {
    #expect("ab".fitted(to: 5) == "ab   ")
    #expect("ab".fitted(to: 5, alignment: .trailing) == "   ab")
    #expect("ab".fitted(to: 5, alignment: .center) == " ab  ")
    #expect("日本語".fitted(to: 4) == "日… ")
    #expect("ab".fitted(to: -1) == "")
  }

  @Test func glyphsNeverCarryControlCharacters() {
    #expect(Glyph("\u{1B}").text == "\u{FFFD}")
    #expect(Glyph("\u{9B}").text == "\u{FFFD}")
    #expect(Glyph("\u{202E}").text == " ")
    #expect(Glyph("e\u{301}\u{302}\u{303}").text == "e\u{301}\u{302}")
    #expect(Glyph("日").width == 2)
    #expect(Glyph.continuation.width == 0)
  }
}
