import TerminalUI
import Testing

/// Whether text can be read on the grounds it stands on.
struct ContrastTests {
  @Test func contrastIsThatOfWCAG() {
    #expect(abs(Color.white.contrast(with: .black) - 21) < 1e-9)
    #expect(Color.white.contrast(with: .white) == 1)
    // The grey that just passes on white.
    #expect(abs(Color(0x767676).contrast(with: .white) - 4.54) < 0.005)
    #expect(Color(0x123456).contrast(with: .white) == Color.white.contrast(with: Color(0x123456)))
  }

  @Test(arguments: [Color.black, .white, Color(0x24507A), Color(0x30343C), Color(0x7F7F7F)])
  func whateverIsMadeReadableIs(ground: Color) {
    for value in stride(from: UInt32(0), through: 0xFFFFFF, by: 0x0A_1B2D) {
      let color = Color(value).readable(on: ground)
      // On a middle grey, black is the best there is.
      let bound = min(Color.readableContrast, max(ground.contrast(with: .white), ground.contrast(with: .black)))
      #expect(color.contrast(with: ground) >= bound, "\(Color(value)) on \(ground)")
    }
    #expect(Color.default.readable(on: ground) == .default)
    #expect(Color(0x808080).readable(on: .default) == Color(0x808080))
  }

  /// What can be read stays as it is.
  @Test func colorsAreChangedAsLittleAsItTakes() {
    #expect(Color(0xFFB454).readable(on: .black) == Color(0xFFB454))
    #expect(Color(0x949BA8).readable(on: Color(0x24507A)).contrast(with: Color(0x24507A)) < 6)
  }

  /// Quiet text, warnings and numbers of both signs in selected rows; colours that are no text stay.
  @Test(arguments: [true, false])
  func selectedRowsCanBeRead(isFocused: Bool) throws {
    let theme = Theme.standard
    let styles = [
      theme.dimmed, theme.accent, theme.success, theme.warning, theme.error, theme.positive, theme.negative,
    ]
    let bar = Style(foreground: Color(0xE0A051))
    var buffer = CellBuffer(width: 20, height: 2)
    Table(
      columns: [.init()], rowCount: 2, state: ListState(selected: 1), isFocused: isFocused, showsHeader: false,
      showsMarks: false, theme: theme
    ) { _ in
      Table.Row([StyledText(styles.map { .init("x", $0) } + [.init("▇", bar)])])
    }.draw(into: &buffer, in: buffer.bounds)
    for (x, style) in styles.enumerated() {
      #expect(buffer[x, 0].style.foreground == style.foreground)
      let cell = buffer[x, 1].style
      #expect(cell.foreground.contrast(with: cell.background) >= Color.readableContrast, "\(style)")
      // With 16 colours, too, the two are not the same.
      #expect(ColorMode.ansi16.nearest(cell.foreground) != ColorMode.ansi16.nearest(cell.background), "\(style)")
    }
    #expect(buffer[styles.count, 1].style.foreground == bar.foreground)
    let selection = isFocused ? theme.selection : theme.inactiveSelection
    #expect(buffer[0, 1].style.background == selection.background)
  }
}
