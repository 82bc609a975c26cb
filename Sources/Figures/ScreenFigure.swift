import Heatmaps
import TerminalUI

/// A terminal's screen as a picture: every cell in its own colours, as a terminal with 24-bit colour shows it.
///
/// Half blocks, bars, frames and braille are drawn as shapes, so that the halves of a cell meet their neighbours to the
/// pixel; everything else is text in a font of equal widths.
public struct ScreenFigure: Figure {
  public var title: String
  public var screen: CellBuffer
  public var style: FigureStyle

  /// - Parameter title: for the file's description; nothing is written on the page.
  public init(title: String, screen: CellBuffer, style: FigureStyle = FigureStyle()) {
    self.title = title
    self.screen = screen
    self.style = style
  }

  public func drawing(_ text: TextMeasure) throws(FigureError) -> Drawing {
    guard screen.width > 0, screen.height > 0 else {
      throw .empty(figure: title.isEmpty ? "screen" : title, expected: "a screen with cells")
    }
    let cell = ScreenCell(style, text)
    let size = (width: Double(screen.width) * cell.width, height: Double(screen.height) * cell.height)
    // Before as many marks are made as there are cells.
    _ = try Drawing(
      title: title, width: size.width, height: size.height, pixelsPerPoint: style.pixelsPerPoint, marks: [])
    var sketch = Sketch(style, text)
    for y in 0..<screen.height { draw(row: y, cell, into: &sketch) }
    return try sketch.drawing(title: title, kind: "screen", width: size.width, height: size.height)
  }

  private func draw(row y: Int, _ cell: ScreenCell, into sketch: inout Sketch) {
    let cells = Array(screen.row(y))
    let colors = cells.map(ScreenColors.init)
    // Grounds first, as long as they are of one colour: what is written over an edge stays whole.
    var start = 0
    for x in 1...cells.count where x == cells.count || colors[x].ground != colors[start].ground {
      sketch.add(.fill(cell.box(x: start, y: y, columns: x - start), colors[start].ground))
      start = x
    }
    var x = 0
    while x < cells.count {
      let glyph = cells[x].glyph
      if let shape = CellShape(glyph.scalar) {
        shape.draw(in: cell.box(x: x, y: y), colors[x], line: cell.line, into: &sketch)
        x += 1
        continue
      }
      // Only ASCII is sure to be in the font that the widths are from; the rest is placed one by one.
      var end = x + 1
      if ScreenCell.isPlain(glyph) {
        while end < cells.count, cells[end].style == cells[x].style, ScreenCell.isPlain(cells[end].glyph) { end += 1 }
      }
      cell.write(cells[x..<end].map(\.glyph.text).joined(), x: x, y: y, cells[x].style, colors[x].ink, into: &sketch)
      x = end
    }
  }
}

/// The colours of a cell as they are shown.
struct ScreenColors {
  let ink: RGB
  let ground: RGB

  // For cells that leave it to the terminal.
  private static let standardInk = RGB(0xD8, 0xD8, 0xD8)
  private static let standardGround = RGB(0x10, 0x10, 0x10)

  init(_ cell: Cell) {
    let style = cell.style
    var (ink, ground) = (style.foreground, style.background)
    if style.reverse { swap(&ink, &ground) }
    let shownGround = Self.rgb(ground) ?? (style.reverse ? Self.standardInk : Self.standardGround)
    let shownInk = Self.rgb(ink) ?? (style.reverse ? Self.standardGround : Self.standardInk)
    self.ground = shownGround
    self.ink = style.dim ? Self.mixed(shownInk, shownGround, 0.5) : shownInk
  }

  private static func rgb(_ color: Color) -> RGB? {
    color.isDefault ? nil : RGB(color.red, color.green, color.blue)
  }

  /// `share` of the first colour over the second.
  static func mixed(_ over: RGB, _ under: RGB, _ share: Double) -> RGB {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((Double(a) * share + Double(b) * (1 - share)).rounded()) }
    return RGB(mix(over.red, under.red), mix(over.green, under.green), mix(over.blue, under.blue))
  }
}
