import CImageCodecs

/// Writes PNG files: eight bits deep, with a palette, in grey or in colour.
public enum PNGEncoder {
  /// The bytes of a PNG file; decoding them gives the very same pixels.
  /// - Throws: ``HeatmapError/encoding(reason:)``.
  public static func encode(_ image: RasterImage) throws(HeatmapError) -> [UInt8] {
    guard image.width > 0, image.height > 0 else { throw .encoding(reason: "it has no pixels") }
    guard let width = UInt32(exactly: image.width), let height = UInt32(exactly: image.height) else {
      throw .encoding(reason: "\(image.width) x \(image.height) pixels are too many for PNG")
    }
    var header = png_image()
    header.version = UInt32(PNG_IMAGE_VERSION)
    header.width = width
    header.height = height
    switch image.pixels {
    case .indexed(let bytes, let palette):
      header.format = UInt32(PNG_FORMAT_FLAG_COLOR) | UInt32(PNG_FORMAT_FLAG_COLORMAP)
      header.colormap_entries = UInt32(palette.count)
      return try encode(&header, bytes, palette: palette.flatMap { [$0.red, $0.green, $0.blue] })
    case .gray(let bytes):
      header.format = 0
      return try encode(&header, bytes, palette: nil)
    case .rgb(let bytes):
      header.format = UInt32(PNG_FORMAT_FLAG_COLOR)
      return try encode(&header, bytes, palette: nil)
    }
  }

  private static func encode(
    _ header: inout png_image, _ bytes: [UInt8], palette: [UInt8]?
  ) throws(HeatmapError) -> [UInt8] {
    // What deflate cannot shrink grows by five bytes in 16 KiB; the rest is for rows, chunks and the palette.
    var capacity = bytes.count + bytes.count / 1024 + Int(header.height) + 4096
    for _ in 0..<2 {
      var size = capacity
      var isWritten = false
      let result = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        isWritten = png_image_write_to_memory(&header, buffer.baseAddress, &size, 0, bytes, 0, palette) != 0
        count = isWritten ? size : 0
      }
      if isWritten { return result }
      // A buffer too small is reported together with the size that is needed.
      guard size > capacity else { break }
      capacity = size
    }
    let reason = message(of: header)
    png_image_free(&header)
    throw .encoding(reason: reason)
  }

  /// libpng's message about the last thing that went wrong.
  static func message(of header: png_image) -> String {
    withUnsafeBytes(of: header.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
