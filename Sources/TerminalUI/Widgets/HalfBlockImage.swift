/// A grid of pixels, two to a cell: `▀` with the upper pixel as foreground and the lower one as background.
///
/// On poorer terminals the picture changes: without Unicode a cell is one patch of colour, without colours it is a
/// character of a ``SignRamp`` (or of a brightness ramp, where there are no values).
public struct HalfBlockImage: Sendable {
  public let width: Int
  /// In pixels: twice the rows of cells. With an odd height, the last row of cells has only an upper pixel.
  public let height: Int
  /// Row by row from the top; missing ones are the default colour.
  public let pixels: [Color]
  /// What the colours stand for, in -1…1, row by row as the pixels; `nil` for a photograph.
  public let values: [Float]?

  public init(width: Int, height: Int, pixels: [Color], values: [Float]? = nil) {
    self.width = max(0, width)
    self.height = max(0, height)
    self.pixels = pixels
    self.values = values
  }

  /// Rows of cells.
  public var rows: Int { (height + 1) / 2 }

  /// Draws with the first pixel at the corner of the rectangle; what does not fit is cut.
  public func draw(into buffer: inout CellBuffer, in rect: Rect, capabilities: DisplayCapabilities = .full) {
    let area = rect.intersection(Rect(x: rect.x, y: rect.y, width: width, height: rows))
    for row in 0..<area.height {
      for column in 0..<area.width {
        buffer[area.x + column, area.y + row] = cell(column, row, capabilities)
      }
    }
  }

  private func cell(_ column: Int, _ row: Int, _ capabilities: DisplayCapabilities) -> Cell {
    let upper = color(column, 2 * row)
    let lower = color(column, 2 * row + 1)
    guard capabilities.colorMode > .monochrome else {
      return Cell(rampCharacter(column, row, upper, lower, capabilities.glyphs))
    }
    guard capabilities.glyphs == .unicode else {
      return Cell(glyph: .space, style: Style(background: upper.mixed(with: lower, fraction: 0.5)))
    }
    return Cell(glyph: HalfBlockImage.upperHalf, style: Style(foreground: upper, background: lower))
  }

  private static let upperHalf = Glyph("▀")

  private func color(_ column: Int, _ row: Int) -> Color {
    let index = row * width + column
    return row < height && index < pixels.count ? pixels[index] : .default
  }

  private func rampCharacter(_ column: Int, _ row: Int, _ upper: Color, _ lower: Color, _ glyphs: GlyphSet) -> Character
  {
    guard let values else {
      let brightness = upper.mixed(with: lower, fraction: 0.5).luminance
      let ramp: [Character] = glyphs == .unicode ? [" ", "░", "▒", "▓", "█"] : [" ", ".", ":", "+", "*", "#", "@"]
      return ramp[min(ramp.count - 1, Int(brightness * Double(ramp.count)))]
    }
    func value(_ line: Int) -> Float? {
      let index = line * width + column
      return line < height && index < values.count ? values[index] : nil
    }
    let both = [value(2 * row), value(2 * row + 1)].compactMap(\.self)
    // The stronger of the two, not their mean: opposite signs must not hide each other.
    let strongest = both.max { abs($0) < abs($1) } ?? 0
    return SignRamp.ramp(for: glyphs).character(for: strongest)
  }
}
