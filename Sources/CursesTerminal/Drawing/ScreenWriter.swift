import CNcurses
import TerminalUI

/// Brings buffers of cells into ncurses' screen; ncurses then sends what differs from the terminal's.
@MainActor
final class ScreenWriter {
  private let capabilities: DisplayCapabilities
  private var pairs: ColorPairs
  private var shown: CellBuffer?
  private var line: [cchar_t] = []
  /// The text of one cell for ncurses, zero-terminated: a character and two marks.
  private var text: [wchar_t] = [0, 0, 0, 0]

  init(capabilities: DisplayCapabilities, pairs: ColorPairs) {
    self.capabilities = capabilities
    self.pairs = pairs
  }

  /// Forgets what is shown: the next frame is drawn completely.
  func invalidate() { shown = nil }

  func write(_ buffer: CellBuffer) {
    if shown?.bounds != buffer.bounds {
      erase()
      shown = nil
    }
    var changed = changedRows(buffer)
    let hasRoom = pairs.hasRoom(
      for: changed.lazy.flatMap { buffer.row($0) }, atMost: changed.count * buffer.width)
    if !hasRoom {
      pairs.recycle()
      clearok(lrp_curscr(), true)
      changed = Array(0..<buffer.height)
    }
    for y in changed { write(buffer.row(y), y: y) }
    shown = buffer
    refresh()
  }

  private func changedRows(_ buffer: CellBuffer) -> [Int] {
    guard let shown else { return Array(0..<buffer.height) }
    return (0..<buffer.height).filter { buffer.row($0) != shown.row($0) }
  }

  private func write(_ row: ArraySlice<Cell>, y: Int) {
    line.removeAll(keepingCapacity: true)
    for cell in row where cell.glyph != .continuation { append(cell) }
    mvwadd_wchnstr(lrp_stdscr(), Int32(y), 0, line, Int32(line.count))
  }

  private func append(_ cell: Cell) {
    let shown = capabilities.shown(cell)
    let pair = pairs.number(for: shown.style)
    let attributes = attributes(of: shown.style)
    let width = cell.glyph.width
    var glyph = shown.glyph
    // Where the C library disagrees about the width, the rest of the row would be displaced.
    if !glyph.scalar.isPlainlyNarrow, lrp_column_width(glyph.scalar.value) != width || glyph.width != width {
      glyph = Glyph("?")
    }
    line.append(cursesCell(glyph, attributes, pair))
    if width == 2, glyph.width == 1 { line.append(cursesCell(.space, attributes, pair)) }
  }

  private func cursesCell(_ glyph: Glyph, _ attributes: attr_t, _ pair: Int32) -> cchar_t {
    text[0] = wchar_t(glyph.scalar.value)
    text[1] = 0
    if glyph.hasMarks {
      for (index, mark) in glyph.marks.enumerated() {
        text[index + 1] = wchar_t(mark.value)
        text[index + 2] = 0
      }
    }
    var cell = cchar_t()
    if lrp_set_cell(&cell, text, attributes, pair) == ERR {
      text[0] = 0x3F
      text[1] = 0
      _ = lrp_set_cell(&cell, text, attributes, pair)
    }
    return cell
  }

  private func attributes(of style: Style) -> attr_t {
    var attributes: attr_t = 0
    if style.bold || pairs.needsBold(style) { attributes |= lrp_bold() }
    if style.dim { attributes |= lrp_dim() }
    if style.reverse { attributes |= lrp_reverse() }
    if style.underline { attributes |= lrp_underline() }
    return attributes
  }
}

extension Unicode.Scalar {
  /// ASCII, box drawing and blocks: of width one everywhere, and most of what is drawn.
  fileprivate var isPlainlyNarrow: Bool { value < 0x7F || (0x2500...0x259F).contains(value) }
}
