import TerminalTesting
import TerminalUI
import Testing

struct OutputTests {
  private var buffer: CellBuffer {
    var buffer = CellBuffer(width: 8, height: 3)
    buffer.write("┌é┐", x: 0, y: 0)
    let style = Style(foreground: Color(0xFF0000), background: Color(0x000001), bold: true, underline: true)
    buffer.write("ab", x: 1, y: 1, style: style)
    buffer.write("日", x: 0, y: 2, style: Style(dim: true, reverse: true))
    return buffer
  }

  @Test func plainText() {
    #expect(buffer.plainText() == "┌é┐\n ab\n日\n")
    #expect(buffer.plainText(glyphs: .ascii) == "+e+\n ab\n?\n")
  }

  @Test func ansiText() {
    let lines = buffer.ansiText().split(separator: "\n")
    #expect(lines[0] == "┌é┐")
    #expect(lines[1] == " \u{1B}[0;1;4;38;2;255;0;0;48;2;0;0;1mab\u{1B}[0m")
    #expect(lines[2] == "\u{1B}[0;2;7m日\u{1B}[0m")
    func second(_ mode: ColorMode) -> Substring {
      buffer.ansiText(DisplayCapabilities(colorMode: mode, glyphs: .unicode)).split(separator: "\n")[1]
    }
    #expect(second(.indexed256) == " \u{1B}[0;1;4;38;5;196;48;5;16mab\u{1B}[0m")
    #expect(second(.ansi16) == " \u{1B}[0;1;4;91;40mab\u{1B}[0m")
    #expect(second(.monochrome) == " \u{1B}[0;1;4;7mab\u{1B}[0m")
  }

  /// What is printed reads back as what was drawn.
  @Test func ansiTextReadsBack() {
    let screen = CapturedScreen(parsing: buffer.ansiText())
    #expect(screen.line(0) == "┌é┐")
    #expect(screen[1, 1].foreground == .rgb(0xFF0000) && screen[1, 1].background == .rgb(1))
    #expect(screen[1, 1].isBold && screen[1, 1].isUnderlined && !screen[1, 1].isReversed)
    #expect(screen[0, 2].isReversed && screen[1, 2].text == "")
    #expect(screen[0, 0].foreground == .default)
  }

  @Test func snapshotText() {
    #expect(
      buffer.snapshotText() == """
        size 8x3
        |┌é┐     |
        | ab     |
        |日      |
        styles
        a = fg #ff0000 bg #000001 bold underline
        b = dim reverse
        row 1: a 1-2
        row 2: b 0-1

        """)
  }

  @Test func keysHaveNames() {
    let keys: [Key] = [
      .character("q"), .character(" "), .control("r"), .enter, .escape, .function(5), .alt("x"), .backTab,
    ]
    #expect(keys.map(\.displayText) == ["q", "space", "Ctrl-r", "↵", "Esc", "F5", "Alt-x", "Shift-Tab"])
  }
}
