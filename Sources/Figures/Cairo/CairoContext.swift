import CCairo
import Heatmaps

/// A pen on one of cairo's surfaces.
final class CairoContext {
  private let handle: OpaquePointer
  private var font: Font?

  /// The fonts that are looked for, the first of which cairo finds or replaces by what comes closest.
  private static let families = (proportional: "sans-serif", monospaced: "monospace")

  /// - Throws: ``FigureError/drawing(figure:reason:)``.
  init(_ surface: OpaquePointer, figure: String) throws(FigureError) {
    guard let context = cairo_create(surface) else { throw .drawing(figure: figure, reason: "cairo gave no context") }
    handle = context
    try check(figure: figure)
    // Without hinting, texts are as wide in pixels as in points, so one layout fits all formats.
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(handle, options)
    cairo_font_options_destroy(options)
  }

  deinit { cairo_destroy(handle) }

  /// - Throws: ``FigureError/drawing(figure:reason:)`` if something has gone wrong since the context was made.
  func check(figure: String) throws(FigureError) { try Cairo.check(cairo_status(handle), figure: figure) }

  func scale(by factor: Double) { cairo_scale(handle, factor, factor) }

  func setColor(_ color: RGB) {
    cairo_set_source_rgb(handle, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255)
  }

  func fill(_ box: Box, _ color: RGB) {
    setColor(color)
    cairo_rectangle(handle, box.x, box.y, box.width, box.height)
    cairo_fill(handle)
  }

  func fill(_ corners: [Point], _ color: RGB) {
    setColor(color)
    path(corners)
    cairo_close_path(handle)
    cairo_fill(handle)
  }

  func fillDisc(_ center: Point, radius: Double, _ color: RGB) {
    setColor(color)
    cairo_new_path(handle)
    cairo_arc(handle, center.x, center.y, radius, 0, 2 * .pi)
    cairo_fill(handle)
  }

  func stroke(_ points: [Point], _ color: RGB, width: Double, dashes: [Double]) {
    setColor(color)
    cairo_set_line_width(handle, width)
    cairo_set_line_join(handle, CAIRO_LINE_JOIN_ROUND)
    cairo_set_line_cap(handle, dashes.isEmpty ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    cairo_set_dash(handle, dashes, Int32(dashes.count), 0)
    path(points)
    cairo_stroke(handle)
  }

  /// Draws within a rectangle only.
  func clipped(to box: Box, _ body: () -> Void) {
    cairo_save(handle)
    cairo_rectangle(handle, box.x, box.y, box.width, box.height)
    cairo_clip(handle)
    body()
    cairo_restore(handle)
  }

  private func path(_ points: [Point]) {
    cairo_new_path(handle)
    for (number, point) in points.enumerated() {
      if number == 0 { cairo_move_to(handle, point.x, point.y) } else { cairo_line_to(handle, point.x, point.y) }
    }
  }

  // MARK: Text

  func advance(of text: String, in font: Font) -> Double {
    select(font)
    var extents = cairo_text_extents_t()
    cairo_text_extents(handle, text, &extents)
    return extents.x_advance
  }

  func show(_ label: Label) {
    setColor(label.color)
    let width = label.anchor == .start ? 0 : advance(of: label.text, in: label.font)
    select(label.font)
    let shift =
      switch label.anchor {
      case .start: 0.0
      case .middle: -width / 2
      case .end: -width
      }
    cairo_save(handle)
    cairo_translate(handle, label.position.x, label.position.y)
    if label.isTurned { cairo_rotate(handle, -.pi / 2) }
    cairo_move_to(handle, shift, 0)
    cairo_show_text(handle, label.text)
    cairo_restore(handle)
    // The path keeps a current point after text.
    cairo_new_path(handle)
  }

  private func select(_ font: Font) {
    guard font != self.font else { return }
    let weight = font.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL
    let family = font.isMonospaced ? Self.families.monospaced : Self.families.proportional
    cairo_select_font_face(handle, family, CAIRO_FONT_SLANT_NORMAL, weight)
    cairo_set_font_size(handle, font.size)
    self.font = font
  }

  // MARK: Pictures

  /// Paints a picture with its top left corner at a point, each pixel `scale` wide, without smoothing.
  func paint(_ picture: CairoPicture, x: Double, y: Double, scale: Double) {
    cairo_save(handle)
    cairo_translate(handle, x, y)
    cairo_scale(handle, scale, scale)
    cairo_set_source_surface(handle, picture.handle, 0, 0)
    cairo_pattern_set_filter(cairo_get_source(handle), CAIRO_FILTER_NEAREST)
    cairo_paint(handle)
    cairo_restore(handle)
  }
}
