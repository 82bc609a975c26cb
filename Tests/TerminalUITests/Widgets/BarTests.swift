import TerminalUI
import Testing

struct BarTests {
  private let red = Color(0xFF0000)
  private let blue = Color(0x0000FF)

  private func drawn(_ bar: Bar, width: Int) -> CellBuffer {
    var buffer = CellBuffer(width: width, height: 1)
    bar.draw(into: &buffer, in: buffer.bounds)
    return buffer
  }

  @Test(arguments: [
    (0.0, "    "), (1.0, "████"), (0.5, "██  "), (0.25 + 1.0 / 32, "█▏  "), (0.375, "█▌  "), (7.0, "████"),
    (-1.0, "    "),
    (Double.nan, "    "),
  ])
  func eighths(_ value: Double, _ expected: String) {
    #expect(drawn(Bar(value: value, color: red), width: 4).row(0).map(\.text).joined() == expected)
  }

  @Test func stackedSegmentsMeetInsideACell() {
    let buffer = drawn(Bar(segments: [.init(0.375, red), .init(0.5, blue)]), width: 4)
    #expect(buffer.row(0).map(\.text).joined() == "█▌█▌")
    #expect(buffer[1, 0].style == Style(foreground: red, background: blue))
    #expect(buffer[3, 0].style == Style(foreground: blue))
  }

  @Test func negativeValuesGoToTheLeftOfZero() {
    let buffer = drawn(Bar(segments: [.init(-0.75, blue), .init(0.5, red)], range: -1...1), width: 4)
    #expect(buffer.row(0).map(\.text).joined() == "▌██ ")
    #expect(buffer[0, 0].style == Style(foreground: blue, reverse: true))
    #expect(buffer[1, 0].style.foreground == blue && buffer[2, 0].style.foreground == red)
  }

  @Test func barsAsText() {
    #expect(Bar.text(0.5, width: 3) == "█▌")
    #expect(Bar.text(.infinity, width: 3) == "")
    #expect(Bar.text(2, width: 3) == "███")
    #expect(Bar.text(0.5, width: -3) == "")
  }

  @Test func chartsHangNegativeValuesBelowZero() {
    let chart = BarChart(columns: [
      [.init(2, red)], [.init(-1, blue)], [.init(1, red), .init(0.5, blue)], [.init(.nan, red)],
    ])
    #expect(chart.shownRange == -1...2)
    var buffer = CellBuffer(width: 5, height: 3)
    chart.draw(into: &buffer, in: buffer.bounds)
    #expect(buffer.plainText() == "█ ▄\n█ █\n █\n")
    #expect(buffer[1, 2].style.foreground == blue)
    #expect(chart.index(atX: 2, in: buffer.bounds) == 2)
    #expect(chart.index(atX: 4, in: buffer.bounds) == nil)
  }

  @Test func chartsOfNothing() {
    var buffer = CellBuffer(width: 2, height: 1)
    BarChart(columns: []).draw(into: &buffer, in: buffer.bounds)
    BarChart(columns: [[]], barWidth: -1, gap: -2).draw(into: &buffer, in: .zero)
    #expect(buffer == CellBuffer(width: 2, height: 1))
  }

  @Test func scrollBars() {
    #expect(ScrollBar(total: 10, offset: 0).thumb(height: 10) == nil)
    #expect(ScrollBar(total: 100, offset: 0).thumb(height: 10) == 0..<1)
    #expect(ScrollBar(total: 100, offset: 90).thumb(height: 10) == 9..<10)
    #expect(ScrollBar(total: 20, offset: 5).thumb(height: 10) == 3..<8)
    #expect(ScrollBar(total: 20, offset: 999).thumb(height: 10) == 5..<10)
    #expect(ScrollBar(total: 20, offset: 0).thumb(height: 0) == nil)
  }
}
