import FileSystem
import Tensors

extension Picture {
  /// Reads a PNG, JPEG or WebP file; what it is shows in its bytes, not in its name.
  ///
  /// Everything becomes 8-bit sRGB: 16-bit, grey and palette PNG, CMYK JPEG. What is transparent lies on white.
  /// - Parameters:
  ///   - limits: checked before memory for the pixels is taken.
  ///   - upright: turn photographs as their Exif orientation says.
  /// - Throws: ``HeatmapError`` if it is no picture or a broken one, `FileError` if the file cannot be read.
  public init(contentsOfFile path: String, limits: PictureLimits = .standard, upright: Bool = true) throws {
    let file = try MappedFile(path: path)
    self = try withExtendedLifetime(file) {
      try Picture.decode(file.bytes, name: path, limits: limits, upright: upright)
    }
    try file.checkUnchanged()
  }

  /// Reads a PNG, JPEG or WebP file's bytes; see ``init(contentsOfFile:limits:upright:)``.
  /// - Parameter name: what to call it in an error message.
  public init(
    decoding bytes: [UInt8], name: String, limits: PictureLimits = .standard, upright: Bool = true
  ) throws(HeatmapError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(HeatmapError) in
        try Picture.decode(buffer, name: name, limits: limits, upright: upright)
      }
    }
    self = try result.get()
  }

  private static func decode(
    _ bytes: UnsafeRawBufferPointer, name: String, limits: PictureLimits, upright: Bool
  ) throws(HeatmapError) -> Picture {
    let source = PictureSource(bytes: bytes, name: name, limits: limits)
    func turned(_ picture: Picture, _ orientation: ExifOrientation) -> Picture {
      upright ? picture.turned(orientation) : picture
    }
    switch PictureFormat(bytes) {
    case .png: return turned(try PNGDecoder.decode(source), ExifOrientation(png: bytes))
    case .webp: return turned(try WebPDecoder.decode(source), ExifOrientation(webp: bytes))
    case .jpeg: return turned(try JPEGDecoder.decode(source), ExifOrientation(jpeg: bytes))
    case .other(let problem):
      throw .unreadablePicture(name: name, problem: problem)
    }
  }
}

/// A picture file to decode and what is needed to report on it.
struct PictureSource {
  let bytes: UnsafeRawBufferPointer
  let name: String
  let limits: PictureLimits

  /// - Throws: ``HeatmapError/pictureTooLarge(name:width:height:limit:)``, ``HeatmapError/noMemory(problem:)``.
  func check(width: Int, height: Int) throws(HeatmapError) {
    guard limits.allow(width: width, height: height) else {
      throw .pictureTooLarge(name: name, width: width, height: height, limit: limits)
    }
    do {
      // With transparency, without it, and turned upright.
      try MemoryRoom.check(Double(width * height * 10), for: "\(name), a picture of \(width) x \(height) pixels,")
    } catch {
      throw .noMemory(problem: "\(error)")
    }
  }

  func broken(_ format: String, _ detail: String) -> HeatmapError {
    let detail = detail.isEmpty ? "" : " (\(detail))"
    return .unreadablePicture(
      name: name, problem: "this \(format) picture is cut short or damaged\(detail); fetch or export it again")
  }
}

/// Red, green, blue and alpha bytes laid on white.
func flattenedOnWhite(_ rgba: [UInt8]) -> [UInt8] {
  var rgb: [UInt8] = []
  rgb.reserveCapacity(rgba.count / 4 * 3)
  for start in stride(from: 0, to: rgba.count - 3, by: 4) {
    let alpha = Int(rgba[start + 3])
    for channel in 0..<3 {
      rgb.append(UInt8((Int(rgba[start + channel]) * alpha + 255 * (255 - alpha) + 127) / 255))
    }
  }
  return rgb
}
