/// Bars finer than a cell: block characters fill a cell in eighths, from the left or from below.
enum EighthBlocks {
  static let fromLeft: [Unicode.Scalar] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
  static let fromBelow: [Unicode.Scalar] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// A stretch of a bar in one colour, in cells from the start of the bar.
  struct Stretch {
    let from: Double
    let to: Double
    let color: Color
  }

  /// The cell number `index` of a bar. A cell has room for two colours only: its first one, and the most frequent of
  /// the others.
  static func cell(_ index: Int, of stretches: [Stretch], blocks: [Unicode.Scalar], base: Style) -> Cell {
    let eighths: [Color?] = (0..<8).map { part in
      let middle = Double(index) + (Double(part) + 0.5) / 8
      return stretches.last { $0.from <= middle && middle < $0.to }?.color
    }
    let first = eighths[0]
    let length = eighths.firstIndex { $0 != first } ?? 8
    let rest = eighths[length...]
    let second = rest.max { left, right in
      rest.count { $0 == left } < rest.count { $0 == right }
    }
    let glyph = Glyph(scalar: blocks[length])
    switch (first, second ?? nil) {
    case (nil, nil): return Cell(glyph: .space, style: base)
    case (let lower?, let upper): return Cell(glyph: glyph, style: base.with(foreground: lower, background: upper))
    case (nil, let upper?):
      // The free part comes first: draw it as the block, in reverse.
      return Cell(glyph: glyph, style: base.with(foreground: upper, reverse: true))
    }
  }
}
