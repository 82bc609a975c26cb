import CImageCodecs

/// Reads PNG pictures of every kind with libpng's simplified interface.
enum PNGDecoder {
  /// Whether no chunk says that it is longer than what is left of the file. libpng takes memory for an Exif chunk before it
  /// reads one.
  private static func chunksFit(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var start = 8
    while start + 12 <= bytes.count {
      let length = (0..<4).reduce(0) { $0 << 8 | Int(bytes[start + $1]) }
      guard length <= bytes.count - start - 12 else {
        // Pixels that are cut short are libpng's to tell.
        return bytes[start + 4..<start + 8].elementsEqual("IDAT".utf8)
      }
      start += 12 + length
    }
    return true
  }

  static func decode(_ source: PictureSource) throws(HeatmapError) -> Picture {
    // libpng itself calls a picture of a million columns invalid.
    if source.bytes.count >= 24 {
      let sides = [16, 20].map { start in (0..<4).reduce(0) { $0 << 8 | Int(source.bytes[start + $1]) } }
      if sides.allSatisfy({ $0 > 0 }) { try source.check(width: sides[0], height: sides[1]) }
    }
    guard Self.chunksFit(source.bytes) else { throw source.broken("PNG", "a chunk is longer than the file") }
    var header = png_image()
    header.version = UInt32(PNG_IMAGE_VERSION)
    guard png_image_begin_read_from_memory(&header, source.bytes.baseAddress, source.bytes.count) != 0 else {
      throw source.broken("PNG", PNGEncoder.message(of: header))
    }
    defer { png_image_free(&header) }
    let (width, height) = (Int(header.width), Int(header.height))
    try source.check(width: width, height: height)

    let hasAlpha = header.format & UInt32(PNG_FORMAT_FLAG_ALPHA) != 0
    header.format = UInt32(PNG_FORMAT_FLAG_COLOR) | (hasAlpha ? UInt32(PNG_FORMAT_FLAG_ALPHA) : 0)
    // Sixteen bits without a gamma are taken as sRGB, as every other program does, not as linear.
    header.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
    let size = width * height * (hasAlpha ? 4 : 3)
    var isRead = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      isRead = png_image_finish_read(&header, nil, buffer.baseAddress, 0, nil) != 0
      count = isRead ? size : 0
    }
    guard isRead else { throw source.broken("PNG", PNGEncoder.message(of: header)) }
    return Picture(width: width, height: height, rgb: hasAlpha ? flattenedOnWhite(bytes) : bytes)
  }
}
