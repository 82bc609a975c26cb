import CImageCodecs

/// Reads still WebP pictures with libwebp.
enum WebPDecoder {
  static func decode(_ source: PictureSource) throws(HeatmapError) -> Picture {
    let input = source.bytes.bindMemory(to: UInt8.self)
    var features = WebPBitstreamFeatures()
    guard WebPGetFeatures(input.baseAddress, input.count, &features) == VP8_STATUS_OK else {
      throw source.broken("WebP", "its header cannot be read")
    }
    guard features.has_animation == 0 else {
      throw .unreadablePicture(
        name: source.name, problem: "this is an animated WebP picture, and lrp reads still ones; save one of its frames"
      )
    }
    let (width, height) = (Int(features.width), Int(features.height))
    try source.check(width: width, height: height)

    let hasAlpha = features.has_alpha != 0
    let channels = hasAlpha ? 4 : 3
    let size = width * height * channels
    let stride = Int32(width * channels)
    var isRead = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let result =
        hasAlpha
        ? WebPDecodeRGBAInto(input.baseAddress, input.count, buffer.baseAddress, size, stride)
        : WebPDecodeRGBInto(input.baseAddress, input.count, buffer.baseAddress, size, stride)
      isRead = result != nil
      count = isRead ? size : 0
    }
    guard isRead else { throw source.broken("WebP", "") }
    return Picture(width: width, height: height, rgb: hasAlpha ? flattenedOnWhite(bytes) : bytes)
  }
}
