import Heatmaps

/// What colours and lines stand for, in as many rows as needed.
struct Legend {
  enum Swatch {
    case box(RGB, isHatched: Bool)
    case line(SeriesLook)
  }

  struct Entry {
    var text: String
    var swatch: Swatch
  }

  let entries: [Entry]

  /// Draws it within `width` and returns where it ends.
  func draw(on sketch: inout Sketch, x: Double, top: Double, width: Double) -> Double {
    let font = sketch.small
    var (column, row) = (x, top)
    for entry in entries {
      let swatchWidth = swatchWidth(entry.swatch, sketch)
      let text = sketch.text.shortened(entry.text, font, width: width - swatchWidth - sketch.points(4))
      let entryWidth = swatchWidth + sketch.points(4) + sketch.text.width(text, font).rounded(.up)
      if column > x, column + entryWidth > x + width {
        column = x
        row += font.lineHeight
      }
      let baseline = row + font.ascent
      draw(entry.swatch, x: column, middle: baseline - font.halfCapital, width: swatchWidth, on: &sketch)
      sketch.label(text, x: column + swatchWidth + sketch.points(4), baseline: baseline, font)
      column += entryWidth + sketch.points(12)
    }
    return entries.isEmpty ? top : row + font.lineHeight
  }

  private func swatchWidth(_ swatch: Swatch, _ sketch: Sketch) -> Double {
    switch swatch {
    case .box: sketch.points(8)
    case .line: sketch.points(24)
    }
  }

  private func draw(_ swatch: Swatch, x: Double, middle: Double, width: Double, on sketch: inout Sketch) {
    switch swatch {
    case .box(let color, let isHatched):
      let box = Box(x: x, y: (middle - width / 2).rounded(), width: width, height: width)
      sketch.bar(box, color, isHatched: isHatched)
    case .line(let look):
      sketch.line([Point(x, middle), Point(x + width, middle)], look)
      sketch.marker(at: Point(x + width / 2, middle), look)
    }
  }
}

extension Sketch {
  /// A piece of a bar.
  mutating func bar(_ box: Box, _ color: RGB, isHatched: Bool) {
    add(.fill(box, color))
    if isHatched { add(.hatching(box, Ink.quiet, spacing: points(4), width: hairline)) }
  }
}
