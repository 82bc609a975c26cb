import CCairo
import Heatmaps

/// A picture in cairo's memory.
final class CairoPicture {
  let handle: OpaquePointer

  /// - Parameter enlargement: how many columns and rows each pixel becomes.
  /// - Throws: ``FigureError``.
  init(_ picture: Picture, enlargement: CellSize, figure: String) throws(FigureError) {
    let width = picture.width * enlargement.width
    let height = picture.height * enlargement.height
    guard Drawing.limits.allow(width: width, height: height) else {
      throw .tooLarge(figure: figure, width: width, height: height, limit: Drawing.limits.description)
    }
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)) else {
      throw .drawing(figure: figure, reason: "cairo gave no surface")
    }
    handle = surface
    try Cairo.check(cairo_surface_status(handle), figure: figure)
    cairo_surface_flush(handle)
    guard let bytes = cairo_image_surface_get_data(handle) else {
      throw .drawing(figure: figure, reason: "cairo gave no memory for a picture")
    }
    let stride = Int(cairo_image_surface_get_stride(handle))
    for row in 0..<height {
      let line = UnsafeMutableRawPointer(bytes + row * stride)
      for column in 0..<width {
        let pixel = picture.pixel(row / enlargement.height * picture.width + column / enlargement.width)
        let value = UInt32(pixel.red) << 16 | UInt32(pixel.green) << 8 | UInt32(pixel.blue)
        line.storeBytes(of: value, toByteOffset: 4 * column, as: UInt32.self)
      }
    }
    cairo_surface_mark_dirty(handle)
  }

  deinit { cairo_surface_destroy(handle) }
}
