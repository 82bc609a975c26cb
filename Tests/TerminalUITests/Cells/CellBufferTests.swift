import TerminalUI
import Testing

struct CellBufferTests {
  private let red = Style(foreground: Color(0xFF0000))

  private func lines(_ buffer: CellBuffer) -> [String] {
    buffer.plainText().split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  @Test func writingReturnsTheNextColumnAndClips() {
    var buffer = CellBuffer(width: 6, height: 2)
    #expect(buffer.write("abc", x: 1, y: 0, style: red) == 4)
    #expect(buffer.write("abcdef", x: -2, y: 1) == 4)
    #expect(buffer.write("x", x: 0, y: 7) == 1)
    #expect(buffer.write("yz", x: 5, y: 0) == 7)
    #expect(lines(buffer) == [" abc y", "cdef"])
    #expect(buffer[1, 0].style == red && buffer[0, 0].style == .plain)
  }

  @Test func aClipRectangleLimitsText() {
    var buffer = CellBuffer(width: 8, height: 1)
    buffer.write("abcdefgh", x: 0, y: 0, clip: Rect(x: 2, y: 0, width: 3, height: 1))
    #expect(lines(buffer) == ["  cde"])
  }

  @Test func wideGlyphsTakeTwoCells() {
    var buffer = CellBuffer(width: 5, height: 1)
    #expect(buffer.write("日本語", x: 0, y: 0) == 6)
    #expect(buffer[1, 0].glyph == .continuation)
    #expect(lines(buffer) == ["日本"])
    #expect(buffer[4, 0].glyph == .space, "half of a wide glyph is not drawn")
  }

  @Test func overwritingHalfOfAWideGlyphBlanksTheOther() {
    var buffer = CellBuffer(width: 4, height: 1)
    buffer.write("日本", x: 0, y: 0)
    buffer[1, 0] = Cell("x")
    buffer[2, 0] = Cell("y")
    #expect(lines(buffer) == [" xy"])
    buffer.write("日", x: 1, y: 0)
    #expect(lines(buffer) == [" 日"])
    buffer.write("本", x: 2, y: 0)
    #expect(lines(buffer) == ["  本"])
  }

  @Test func aWideGlyphCutAtTheLeftEdgeLeavesABlank() {
    var buffer = CellBuffer(width: 4, height: 1, fill: Cell("."))
    buffer.write("日本", x: -1, y: 0)
    #expect(lines(buffer) == [" 本."])
  }

  @Test func combiningMarksJoinTheirLetter() {
    var buffer = CellBuffer(width: 4, height: 1)
    #expect(buffer.write("e\u{301}a", x: 0, y: 0) == 2)
    #expect(buffer[0, 0].text == "e\u{301}")
    buffer.write("\u{301}", x: 0, y: 0)
    #expect(buffer[0, 0].text == "e\u{301}")
  }

  @Test(arguments: [
    (Alignment.leading, "ab…    "), (.center, "  ab…  "), (.trailing, "    ab…"),
  ])
  func alignment(_ alignment: Alignment, _ expected: String) {
    var buffer = CellBuffer(width: 7, height: 1)
    buffer.draw("ab…", in: buffer.bounds, alignment: alignment)
    #expect(buffer.row(0).map(\.text).joined() == expected)
  }

  @Test func styledTextIsTruncatedInItsStyles() {
    var buffer = CellBuffer(width: 4, height: 1)
    buffer.draw(StyledText("ab") + StyledText("cdef", red), in: buffer.bounds)
    #expect(lines(buffer) == ["abc…"])
    #expect(buffer[3, 0].style == red)
    let exact = StyledText([.init("ab"), .init("cd", red), .init("ef")]).truncated(to: 4)
    #expect(exact.text == "abc…")
    #expect(StyledText([.init("ab"), .init("cd", red)]).truncated(to: 4).text == "abcd")
    #expect(StyledText([.init("ab"), .init("cd", red)]).truncated(to: 0).text == "")
  }

  @Test func overlaysKeepForegrounds() {
    var buffer = CellBuffer(width: 3, height: 1)
    buffer.write("abc", x: 0, y: 0, style: red)
    buffer.overlay(Style(background: Color(0x0000FF), bold: true), on: Rect(x: 1, y: 0, width: 9, height: 9))
    #expect(buffer[0, 0].style == red)
    #expect(buffer[2, 0].style == Style(foreground: Color(0xFF0000), background: Color(0x0000FF), bold: true))
  }

  @Test(arguments: [(0, 0), (-3, 4), (1, 1)])
  func tinyBuffersDoNotTrap(_ width: Int, _ height: Int) {
    var buffer = CellBuffer(width: width, height: height)
    buffer.write("日本語 text", x: -3, y: 0)
    buffer[5, 5] = Cell("x")
    buffer.fill(Rect(x: -5, y: -5, width: 100, height: 100), with: Cell("日"))
    #expect(buffer[99, -1] == .blank)
    #expect(buffer.cells.count == max(0, width) * max(0, height))
  }
}
