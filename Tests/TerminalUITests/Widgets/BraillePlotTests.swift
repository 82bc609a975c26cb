import TerminalUI
import Testing

struct BraillePlotTests {
  private static func text(_ plot: BraillePlot, width: Int, height: Int, _ capabilities: DisplayCapabilities = .full)
    -> String
  {
    var buffer = CellBuffer(width: width, height: height)
    plot.draw(into: &buffer, in: buffer.bounds, capabilities: capabilities)
    return buffer.plainText()
  }

  private static func plot(_ points: [(x: Double, y: Double)]) -> BraillePlot {
    BraillePlot(series: [.init(points: points, color: .white, letter: "A")], x: 0...1, y: 0...1)
  }

  @Test("dots lie where the points are, with lines between")
  func dots() {
    #expect(Self.text(Self.plot([(0, 0), (1, 1)]), width: 2, height: 1).hasPrefix("⡠⠊"))
    #expect(Self.text(Self.plot([(0, 1), (1, 1)]), width: 3, height: 1).hasPrefix("⠉⠉⠉"))
    #expect(Self.text(Self.plot([(0, 0)]), width: 1, height: 1).hasPrefix("⡀"))
    let ascii = DisplayCapabilities(colorMode: .monochrome, glyphs: .ascii)
    #expect(Self.text(Self.plot([(0, 0), (1, 1)]), width: 3, height: 3, ascii).hasPrefix("  A\n A\nA"))
  }

  @Test("curves share cells; the later one gives its colour")
  func sharing() {
    var buffer = CellBuffer(width: 1, height: 1)
    BraillePlot(
      series: [
        .init(points: [(0, 0)], color: .white, letter: "A"),
        .init(points: [(1, 1)], color: Color(0x112233), letter: "B"),
      ], x: 0...1, y: 0...1
    ).draw(into: &buffer, in: buffer.bounds)
    #expect(buffer[0, 0].glyph.scalar == "⡈" && buffer[0, 0].style.foreground == Color(0x112233))
  }

  @Test("what is no number or far away is left out")
  func odd() {
    let plot = Self.plot([(.nan, 0), (0.5, .infinity), (1e300, 1), (2, 2), (-3, 0.5)])
    _ = Self.text(plot, width: 4, height: 2)
    #expect(Self.text(Self.plot([(.nan, .nan)]), width: 2, height: 1).allSatisfy { $0 == " " || $0 == "\n" })
    let flat = BraillePlot(series: [.init(points: [(0, 3), (1, 3)], color: .white, letter: "A")], x: 0...1, y: 3...3)
    #expect(Self.text(flat, width: 1, height: 1).first != " ")
    var buffer = CellBuffer(width: 3, height: 3)
    plot.draw(into: &buffer, in: Rect(x: 0, y: 0, width: 0, height: 3))
  }
}
