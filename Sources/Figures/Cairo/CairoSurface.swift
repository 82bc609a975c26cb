import CCairo
import Foundation

/// One of cairo's surfaces with the bytes of the file that it becomes.
final class CairoSurface {
  let handle: OpaquePointer
  let format: FigureFormat
  private let sink: ByteSink
  private let name: String

  /// A page for a drawing.
  /// - Throws: ``FigureError/drawing(figure:reason:)``.
  init(_ drawing: Drawing, as format: FigureFormat) throws(FigureError) {
    sink = ByteSink()
    name = drawing.title
    self.format = format
    let width = Double(drawing.width) / Double(drawing.pixelsPerPoint)
    let height = Double(drawing.height) / Double(drawing.pixelsPerPoint)
    // The sink outlives the surface: both belong to this object, and the surface is destroyed in `deinit`.
    let closure = Unmanaged.passUnretained(sink).toOpaque()
    let surface =
      switch format {
      case .png: cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(drawing.width), Int32(drawing.height))
      case .svg: cairo_svg_surface_create_for_stream(ByteSink.append, closure, width, height)
      case .pdf: cairo_pdf_surface_create_for_stream(ByteSink.append, closure, width, height)
      }
    guard let surface else { throw .drawing(figure: drawing.title, reason: "cairo gave no surface") }
    handle = surface
    try check()
    if format == .pdf {
      cairo_pdf_surface_set_metadata(handle, CAIRO_PDF_METADATA_TITLE, drawing.title)
      cairo_pdf_surface_set_metadata(handle, CAIRO_PDF_METADATA_CREATOR, "lrp")
    }
  }

  deinit { cairo_surface_destroy(handle) }

  /// Ends the drawing and returns the file's bytes.
  /// - Throws: ``FigureError/drawing(figure:reason:)``.
  func finish() throws(FigureError) -> Data {
    if format == .png {
      let closure = Unmanaged.passUnretained(sink).toOpaque()
      let status = cairo_surface_write_to_png_stream(handle, ByteSink.append, closure)
      try Cairo.check(status, figure: name)
    }
    cairo_surface_finish(handle)
    try check()
    return sink.bytes
  }

  private func check() throws(FigureError) { try Cairo.check(cairo_surface_status(handle), figure: name) }
}

/// Gathers what cairo writes.
private final class ByteSink {
  private(set) var bytes = Data()

  /// What cairo calls with each piece of the file; `closure` is a sink.
  static let append: cairo_write_func_t = { closure, data, length in
    guard let closure else { return CAIRO_STATUS_WRITE_ERROR }
    if let data { Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue().bytes.append(data, count: Int(length)) }
    return CAIRO_STATUS_SUCCESS
  }
}

enum Cairo {
  /// - Throws: ``FigureError/drawing(figure:reason:)`` with cairo's words if something went wrong.
  static func check(_ status: cairo_status_t, figure: String) throws(FigureError) {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    let reason = cairo_status_to_string(status).map { String(cString: $0) } ?? "error \(status.rawValue)"
    throw .drawing(figure: figure, reason: reason)
  }
}
