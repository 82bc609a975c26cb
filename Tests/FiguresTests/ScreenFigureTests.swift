import Figures
import Foundation
import Heatmaps
import TerminalUI
import Testing

/// Screens as pictures: every cell where it belongs, in its own colours.
struct ScreenFigureTests {
  private static let ink = Color(0xF04020)
  private static let ground = Color(0x102030)
  private static let inkRGB = RGB(0xF0, 0x40, 0x20)
  private static let groundRGB = RGB(0x10, 0x20, 0x30)

  private func picture(_ text: String, _ style: Style? = nil) throws -> (Picture, cell: Int) {
    var buffer = CellBuffer(width: 3, height: 3)
    buffer.fill(buffer.bounds, with: Cell(glyph: .space, style: Style(background: Self.ground)))
    buffer.write(text, x: 1, y: 1, style: style ?? Style(foreground: Self.ink, background: Self.ground))
    let picture = try rendered(ScreenFigure(title: "screen", screen: buffer))
    #expect(picture.width % 3 == 0 && picture.height == 2 * picture.width)
    return (picture, picture.width / 3)
  }

  /// Which of 2 x 4 places in the middle cell are inked, row by row.
  private func pattern(_ text: String) throws -> String {
    let (picture, cell) = try picture(text)
    return (0..<4).map { row in
      (0..<2).map { column in
        let (x, y) = (cell + cell / 4 + column * cell / 2, 2 * cell + cell / 4 + row * cell / 2)
        return picture[x, y] == Self.inkRGB ? "#" : picture[x, y] == Self.groundRGB ? "." : "?"
      }.joined()
    }.joined(separator: " ")
  }

  @Test(
    arguments: [
      ("▀", "## ## .. .."), ("▄", ".. .. ## ##"), ("█", "## ## ## ##"), ("▌", "#. #. #. #."), ("▐", ".# .# .# .#"),
      ("▂", ".. .. .. ##"), ("▆", ".. ## ## ##"), ("▎", "#. #. #. #."), ("▚", "#. #. .# .#"), ("▛", "## ## #. #."),
      ("▗", ".. .. .# .#"), ("⣿", "## ## ## ##"), ("⠁", "#. .. .. .."), ("⡈", ".# .. .. #."),
      (" ", ".. .. .. .."),
    ] as [(String, String)])
  func shapes(_ text: String, _ expected: String) throws {
    #expect(try pattern(text) == expected, "\(text)")
  }

  @Test("The halves of a cell are its two colours to the pixel, and nothing is left between cells")
  func halfBlocks() throws {
    let (picture, cell) = try picture("▀")
    for y in 0..<picture.height {
      for x in 0..<picture.width {
        let isInked = (cell..<2 * cell).contains(x) && (2 * cell..<3 * cell).contains(y)
        #expect(picture[x, y] == (isInked ? Self.inkRGB : Self.groundRGB), "\(x), \(y)")
      }
    }
  }

  @Test("Lines of neighbouring cells meet")
  func frames() throws {
    var buffer = CellBuffer(width: 4, height: 3)
    let style = Style(foreground: Self.ink, background: Self.ground)
    for (y, line) in ["┌─┬┐", "│x├┤", "└─┴┘"].enumerated() { buffer.write(line, x: 0, y: y, style: style) }
    let picture = try rendered(ScreenFigure(title: "frame", screen: buffer))
    let cell = picture.width / 4
    let middle = (0..<cell).filter { picture[$0, cell] == Self.inkRGB }
    let column = try #require(middle.last)
    for y in cell...5 * cell - 1 { #expect(picture[column, y] == Self.inkRGB, "\(y)") }
    let row = try #require((0..<2 * cell).last { picture[cell, $0] == Self.inkRGB })
    for x in cell / 2...3 * cell { #expect(picture[x, row] == Self.inkRGB, "\(x)") }
  }

  @Test("Shades, reversed, dim and default colours")
  func colors() throws {
    func middle(_ text: String, _ style: Style? = nil) throws -> RGB? {
      let (picture, cell) = try picture(text, style)
      return picture[cell + cell / 2, 3 * cell]
    }
    #expect(try middle("▒") == RGB(0x80, 0x30, 0x28))
    let style = Style(foreground: Self.ink, background: Self.ground)
    #expect(try middle("█", style.with(reverse: true)) == Self.groundRGB)
    #expect(try middle("█", style.with(dim: true)) == RGB(0x80, 0x30, 0x28))
    let (bright, dark) = (try middle("█", .plain), try middle(" ", .plain))
    #expect((bright?.luma ?? 0) > 180 && (dark?.luma ?? 255) < 30)
    #expect(try middle(" ", Style.plain.with(reverse: true)) == bright)
  }

  @Test("Letters stay in their cells, and words start where they should")
  func text() throws {
    let word = "lrp ΣR ↵ 0.0131 ✓ Ä"
    var buffer = CellBuffer(width: 24, height: 3)
    buffer.write(word, x: 2, y: 1, style: Style(foreground: .white, background: .black))
    let figure = ScreenFigure(title: "text", screen: buffer)
    let picture = try rendered(figure)
    let cell = picture.width / 24
    func ink(_ column: Int, _ row: Int) -> Int {
      (2 * row * cell..<2 * (row + 1) * cell).reduce(0) { sum, y in
        sum + (column * cell..<(column + 1) * cell).filter { (picture[$0, y]?.luma ?? 0) > 120 }.count
      }
    }
    for (offset, character) in word.enumerated() {
      #expect((ink(2 + offset, 1) > 0) == (character != " "), "\(character)")
    }
    for column in 0..<24 { #expect(ink(column, 0) == 0 && ink(column, 2) == 0, "\(column)") }
    let svg = try #require(String(data: figure.encoded(as: .svg), encoding: .utf8))
    #expect(svg.contains("<title>text</title>") && svg.contains("0.0131"))
  }

  @Test("A screen without cells, and one larger than can be drawn, are errors")
  func extents() throws {
    #expect(throws: FigureError.self) {
      try ScreenFigure(title: "none", screen: CellBuffer(width: 0, height: 5)).encoded(as: .png)
    }
    #expect(throws: FigureError.self) {
      try ScreenFigure(title: "huge", screen: CellBuffer(width: 5000, height: 2)).encoded(as: .png)
    }
  }
}
