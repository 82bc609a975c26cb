import CursesTerminal
import TerminalUI
import Testing

struct KeyTranslationTests {
  @Test(
    arguments: [
      ("a", .character("a")), ("é", .character("é")), (" ", .character(" ")), ("\r", .enter), ("\n", .enter),
      ("\t", .tab), ("\u{1B}", .escape), ("\u{7F}", .backspace), ("\u{8}", .control("h")), ("\u{12}", .control("r")),
      ("\0", .control("@")), ("\u{1C}", .control("\\")), ("\u{1F}", .control("_")), ("\u{9B}", nil),
    ] as [(Unicode.Scalar, Key?)])
  func characters(_ scalar: Unicode.Scalar, _ key: Key?) {
    #expect(KeyTranslation.key(for: scalar) == key)
  }

  @Test(
    arguments: [
      ("kUP5", .up), ("kUP", .shiftUp), ("kDN", .shiftDown), ("kRIT3", .right), ("kDC5", .delete), ("unknown", nil),
      ("", nil),
    ] as [(String, Key?)])
  func extendedKeys(_ name: String, _ key: Key?) {
    #expect(KeyTranslation.key(forCode: 600, name: name) == key)
  }

  @Test func everyControlCharacterHasAMeaning() {
    for value in 0..<0x20 {
      let scalar = Unicode.Scalar(UInt8(value))
      #expect(KeyTranslation.key(for: scalar) != nil, "\(value)")
    }
  }
}
