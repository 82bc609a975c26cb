import CImageCodecs

/// Reads JPEG pictures with TurboJPEG.
enum JPEGDecoder {
  static func decode(_ source: PictureSource) throws(HeatmapError) -> Picture {
    let decoder = try Handle()
    let input = source.bytes.bindMemory(to: UInt8.self)
    let length = UInt(input.count)
    var (width, height, subsampling, colorSpace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard
      tjDecompressHeader3(
        decoder.handle, input.baseAddress, length, &width, &height, &subsampling, &colorSpace) == 0
    else { throw source.broken("JPEG", decoder.message) }
    try source.check(width: Int(width), height: Int(height))

    let isCMYK = colorSpace == TJCS_CMYK.rawValue || colorSpace == TJCS_YCCK.rawValue
    let format = Int32((isCMYK ? TJPF_CMYK : TJPF_RGB).rawValue)
    let size = Int(width) * Int(height) * (isCMYK ? 4 : 3)
    var failure: String?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
      let status = tjDecompress2(
        decoder.handle, input.baseAddress, length, buffer.baseAddress, width, 0, height, format, flags)
      if status != 0 { failure = decoder.failure }
      count = failure == nil ? size : 0
    }
    if let failure { throw source.broken("JPEG", failure) }
    return Picture(width: Int(width), height: Int(height), rgb: isCMYK ? Self.rgb(invertedCMYK: bytes) : bytes)
  }

  /// CMYK as JPEG files hold it, with 255 for no ink, to RGB.
  private static func rgb(invertedCMYK bytes: [UInt8]) -> [UInt8] {
    var rgb: [UInt8] = []
    rgb.reserveCapacity(bytes.count / 4 * 3)
    for start in stride(from: 0, to: bytes.count - 3, by: 4) {
      let black = Int(bytes[start + 3])
      for channel in 0..<3 { rgb.append(UInt8((Int(bytes[start + channel]) * black + 127) / 255)) }
    }
    return rgb
  }

  /// Owns a TurboJPEG instance.
  private final class Handle {
    let handle: tjhandle

    init() throws(HeatmapError) {
      guard let handle = tjInitDecompress() else {
        throw .unreadablePicture(name: "JPEG decoder", problem: "there is no memory to start it")
      }
      self.handle = handle
    }

    deinit { tjDestroy(handle) }

    var message: String {
      guard let text = tjGetErrorStr2(handle) else { return "" }
      return String(cString: text)
    }

    /// Why the last picture cannot be used, or `nil` if there is only a warning about bytes that do no harm.
    var failure: String? {
      let message = message
      let isWarning = tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue)
      return isWarning && message.contains("extraneous bytes") ? nil : message
    }
  }
}
