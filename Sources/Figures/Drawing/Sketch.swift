import Heatmaps

/// A page while it is being laid out.
struct Sketch {
  let style: FigureStyle
  let text: TextMeasure
  private(set) var marks: [Mark] = []

  init(_ style: FigureStyle, _ text: TextMeasure) {
    self.style = style
    self.text = text
  }

  /// A length given in points, in whole pixels.
  func points(_ length: Double) -> Double { (length * Double(style.pixelsPerPoint)).rounded() }

  private func font(_ share: Double, bold: Bool = false) -> Font {
    Font(size: (style.textSize * share * Double(style.pixelsPerPoint)).rounded(), isBold: bold)
  }
  var body: Font { font(1) }
  var small: Font { font(0.9) }
  var heading: Font { font(1, bold: true) }
  var title: Font { font(1.2, bold: true) }

  var margin: Double { points(8) }
  var gap: Double { points(8) }
  /// The width of thin lines.
  var hairline: Double { max(1, points(0.5)) }

  mutating func add(_ mark: Mark) { marks.append(mark) }

  mutating func fill(x: Double, y: Double, width: Double, height: Double, _ color: RGB) {
    marks.append(.fill(Box(x: x, y: y, width: width, height: height), color))
  }

  /// A thin frame around a box, outside of it.
  mutating func frame(_ box: Box, _ color: RGB = Ink.frame) {
    let line = hairline
    fill(x: box.x - line, y: box.y - line, width: box.width + 2 * line, height: line, color)
    fill(x: box.x - line, y: box.bottom, width: box.width + 2 * line, height: line, color)
    fill(x: box.x - line, y: box.y, width: line, height: box.height, color)
    fill(x: box.right, y: box.y, width: line, height: box.height, color)
  }

  /// One line of text whose baseline is at `y`.
  mutating func label(
    _ text: String, x: Double, baseline y: Double, _ font: Font, anchor: Label.Anchor = .start,
    color: RGB = Ink.text, turned: Bool = false
  ) {
    let text = TextMeasure.printable(text)
    guard text.contains(where: { $0 != " " }) else { return }
    marks.append(
      .text(
        Label(
          text: text, position: Point(x.rounded(), y.rounded()), anchor: anchor, font: font, color: color,
          isTurned: turned)))
  }

  /// Lines of text whose top is at `y`; returns where they end.
  mutating func paragraph(
    _ lines: [String], x: Double, top y: Double, _ font: Font, anchor: Label.Anchor = .start, color: RGB = Ink.text
  ) -> Double {
    for (number, line) in lines.enumerated() {
      label(
        line, x: x, baseline: y + Double(number) * font.lineHeight + font.ascent, font, anchor: anchor, color: color)
    }
    return y + Double(lines.count) * font.lineHeight
  }

  /// The page with everything on it.
  /// - Throws: ``FigureError/tooLarge(figure:width:height:limit:)``.
  func drawing(title: String, kind: String, width: Double, height: Double) throws(FigureError) -> Drawing {
    let title = TextMeasure.printable(title)
    let name = title.allSatisfy { $0 == " " } ? kind : title
    return try Drawing(
      title: name, width: width, height: height, pixelsPerPoint: style.pixelsPerPoint, marks: marks)
  }
}
