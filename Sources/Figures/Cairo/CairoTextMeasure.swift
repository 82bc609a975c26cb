import CCairo

/// Measures texts with the fonts cairo will draw them with.
final class CairoTextMeasure {
  private let page: CairoSurface
  private let context: CairoContext

  /// - Throws: ``FigureError/drawing(figure:reason:)``.
  init() throws(FigureError) {
    let drawing = try Drawing(title: "text", width: 1, height: 1, pixelsPerPoint: 1, marks: [])
    page = try CairoSurface(drawing, as: .png)
    context = try CairoContext(page.handle, figure: drawing.title)
  }

  var measure: TextMeasure {
    TextMeasure { text, font in self.context.advance(of: text, in: font) }
  }
}
