import TerminalTesting
import TerminalUI
import Testing

/// What the widgets look like, as recorded in `Tests/Snapshots/TerminalUITests`.
struct WidgetSnapshotTests {
  private func table(count: Int, state: ListState, isFocused: Bool = true) -> Table {
    Table(
      columns: [
        .init("#", width: .fixed(3), alignment: .trailing), .init("name", truncation: .middle),
        .init("rule", width: .fixed(10)), .init("kept", width: .fixed(5)),
      ], rowCount: count, state: state, isFocused: isFocused
    ) { index in
      Table.Row(
        [
          StyledText("\(index)"), StyledText("blocks.\(index).depthwise_convolution"),
          index % 3 == 0 ? StyledText("gradient", Theme.standard.warning) : "Gamma 0.25",
          StyledText(Bar.text(1 / Double(index + 1), width: 3)),
        ], isMarked: index % 2 == 1)
    }
  }

  @Test func frames() throws {
    var buffer = CellBuffer(width: 40, height: 9)
    let parts = buffer.bounds.split(.horizontal, [.fill, .fill])
    let left = parts[0].split(.vertical, [.fixed(5), .fill])
    Frame(title: "Layers", detail: "3/80", isFocused: true).draw(into: &buffer, in: left[0])
    let below = Rect(x: left[1].x, y: left[1].y - 1, width: left[1].width, height: left[1].height + 1)
    Frame(title: "Ledger · blocks.0.project", joinsAbove: true).draw(into: &buffer, in: below)
    let inside = Frame(title: "Relevance").draw(into: &buffer, in: parts[1])
    buffer.fill(inside, with: Cell("x"))
    Frame(title: "tiny").draw(into: &buffer, in: Rect(x: 25, y: 3, width: 3, height: 2))
    Frame(title: "none").draw(into: &buffer, in: Rect(x: 30, y: 3, width: 1, height: 2))
    try assertSnapshot(of: buffer, named: "frames")
  }

  @Test func tables() throws {
    var buffer = CellBuffer(width: 44, height: 12)
    let parts = buffer.bounds.split(.vertical, [.fixed(6), .fill], gap: 1)
    table(count: 30, state: ListState(selected: 4, offset: 2)).draw(into: &buffer, in: parts[0])
    table(count: 3, state: ListState(selected: 1), isFocused: false).draw(into: &buffer, in: parts[1])
    try assertSnapshot(of: buffer, named: "tables")
  }

  /// A hint without room makes way for shorter ones; what is under the mouse goes by what is shown.
  @Test func hintsFillTheirLine() {
    let hints = KeyHints([.init("a", "first"), .init("b", "one that is too long"), .init("c", "last")])
    #expect(hints.line(width: 20).text == "a first  c last")
    #expect(
      (0..<20).map { hints.index(atColumn: $0, width: 20) }.compactMap { $0 } == [0, 0, 0, 0, 0, 0, 0] + [
        2, 2, 2, 2, 2, 2,
      ])
    #expect(hints.line(width: 60).text == "a first  b one that is too long  c last")
  }

  @Test func tablesKnowWhatIsUnderTheMouse() {
    let place = Rect(x: 0, y: 2, width: 20, height: 5)
    let table = table(count: 6, state: ListState(selected: 0, offset: 3))
    #expect(table.index(atY: 2, in: place) == nil)
    #expect(table.index(atY: 3, in: place) == 3)
    #expect(table.index(atY: 5, in: place) == 5)
    #expect(table.index(atY: 6, in: place) == nil)
    #expect(Table.visibleRows(in: place) == 4)
  }

  @Test func smallWidgets() throws {
    var buffer = CellBuffer(width: 50, height: 12)
    let rows = (0..<12).map(buffer.bounds.row)
    KeyHints([.init("↵", "rule"), .init("space", "mark"), .init("/", "filter"), .init("Ctrl-r", "redo")])
      .draw(into: &buffer, in: rows[0].inset(right: 16))
    for (row, kind) in [Notice.Kind.information, .success, .warning, .error].enumerated() {
      Notice(kind, "relevance \(row)").draw(into: &buffer, in: rows[row + 1])
    }
    ProgressBar(fraction: 0.42, label: "features.3").draw(into: &buffer, in: rows[5])
    ProgressBar(fraction: nil, label: "opening", tick: 3).draw(into: &buffer, in: rows[6])
    ProgressBar(fraction: .infinity).draw(into: &buffer, in: rows[7])
    let colors = [Color(0x0000FF), Color(0x000000), Color(0xFF0000)]
    ColorScale(colors: colors, low: "-0.2", high: "+0.2").draw(into: &buffer, in: rows[8])
    ColorScale(colors: colors, low: "-0.2", middle: "0", high: "+0.2")
      .draw(into: &buffer, in: Rect(x: 10, y: 9, width: 20, height: 2))
    let poor = DisplayCapabilities(colorMode: .monochrome, glyphs: .unicode)
    ColorScale(colors: colors, low: "-1", high: "+1").draw(into: &buffer, in: rows[11], capabilities: poor)
    try assertSnapshot(of: buffer, named: "small-widgets")
  }

  @Test func dialogs() throws {
    var buffer = CellBuffer(width: 50, height: 9, fill: Cell("."))
    let dialog = Dialog(
      title: "Unsaved edits", message: Paragraph("The composite has 3 edits that are not in any file."),
      hints: KeyHints([.init("s", "save"), .init("d", "discard"), .init("Esc", "back")]))
    dialog.draw(into: &buffer, in: buffer.bounds)
    try assertSnapshot(of: buffer, named: "dialog")
  }

  /// Every widget, on every small screen: nothing traps and nothing leaves its place.
  @Test(arguments: 0..<6, 0..<6)
  func noSizeTraps(_ width: Int, _ height: Int) {
    let place = Rect(x: 1, y: 1, width: width, height: height)
    var buffer = CellBuffer(width: width + 2, height: height + 2, fill: Cell("."))
    table(count: 9, state: ListState(selected: 8, offset: 7)).draw(into: &buffer, in: place)
    Frame(title: "title", detail: "detail").draw(into: &buffer, in: place)
    KeyHints([.init("q", "quit")]).draw(into: &buffer, in: place)
    Dialog(title: "t", message: Paragraph("some text here"), hints: KeyHints([.init("q", "quit")]))
      .draw(into: &buffer, in: place)
    ProgressBar(fraction: 0.5, label: "x").draw(into: &buffer, in: place)
    ProgressBar(fraction: nil, tick: .min).draw(into: &buffer, in: place)
    ColorScale(colors: [.black, .white], low: "-1", high: "1").draw(into: &buffer, in: place)
    ColorScale(colors: [], low: "", high: "").draw(into: &buffer, in: place)
    Notice(.error, "wide 日本").draw(into: &buffer, in: place)
    TextField("日本").draw(into: &buffer, in: place)
    BarChart(columns: [[.init(1, .white)], [.init(-1, .white)]]).draw(into: &buffer, in: place)
    Paragraph("日本 words words").draw(into: &buffer, in: place)
    for x in 0..<buffer.width {
      for y in 0..<buffer.height where !place.contains(x: x, y: y) { #expect(buffer[x, y].text == ".") }
    }
  }
}
