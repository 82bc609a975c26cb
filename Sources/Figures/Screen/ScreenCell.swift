import Heatmaps
import TerminalUI

/// The size of a cell in pixels, and text in it.
struct ScreenCell {
  let width: Double
  let height: Double
  /// The width of the lines of frames.
  let line: Double
  private let font: Font

  /// Twice as high as wide, so that the halves of a cell are squares.
  init(_ style: FigureStyle, _ text: TextMeasure) {
    let size = style.textSize * Double(style.pixelsPerPoint)
    let share = text.width("M", Font(size: 100, isMonospaced: true)) / 100
    let natural = share.isFinite && share > 0.1 ? share : 0.6
    width = max(2, (size * natural).rounded())
    height = 2 * width
    line = max(1, (width / 9).rounded())
    // As large as fits the whole number of pixels, so that a run of letters ends where its cells end.
    font = Font(size: width / natural, isMonospaced: true)
  }

  func box(x: Int, y: Int, columns: Int = 1) -> Box {
    Box(x: Double(x) * width, y: Double(y) * height, width: Double(columns) * width, height: height)
  }

  /// Whether a glyph is as wide as the font says.
  static func isPlain(_ glyph: Glyph) -> Bool { (0x20..<0x7F).contains(glyph.scalar.value) && !glyph.hasMarks }

  func write(_ text: String, x: Int, y: Int, _ style: Style, _ ink: RGB, into sketch: inout Sketch) {
    let box = box(x: x, y: y, columns: text.count)
    var font = font
    font.isBold = style.bold
    // The middle of capitals a little above the middle of the cell, as descenders need room.
    sketch.label(text, x: box.x, baseline: box.y + height / 2 + font.size * 0.33, font, color: ink)
    if style.underline {
      sketch.fill(x: box.x, y: box.bottom - 2 * line, width: box.width, height: line, ink)
    }
  }
}
