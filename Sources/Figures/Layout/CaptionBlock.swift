/// What one has to know to make the figure again, below it in small grey letters.
struct CaptionBlock {
  private let items: [String]

  init(_ items: [String]) { self.items = items.filter { !$0.isEmpty } }

  /// Draws as many items on a line as there is room for, and returns where they end.
  func draw(on sketch: inout Sketch, x: Double, top: Double, width: Double) -> Double {
    let font = sketch.small
    let separator = " \u{B7} "
    var lines: [String] = []
    for item in items {
      if let last = lines.last, sketch.text.width(last + separator + item, font) <= width {
        lines[lines.count - 1] = last + separator + TextMeasure.printable(item)
      } else {
        lines += sketch.text.wrapped(item, font, width: width)
      }
    }
    return sketch.paragraph(lines, x: x, top: top, font, color: Ink.quiet)
  }
}
