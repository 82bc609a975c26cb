/// Kinds of picture files, told apart by their first bytes.
enum PictureFormat: Equatable {
  case png
  case jpeg
  case webp
  /// Something that is not read, in words.
  case other(String)

  init(_ bytes: UnsafeRawBufferPointer) {
    func starts(_ text: String, at offset: Int = 0) -> Bool { Self.starts(bytes, Array(text.utf8), at: offset) }
    if Self.starts(bytes, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if Self.starts(bytes, [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if starts("RIFF"), starts("WEBP", at: 8) {
      self = .webp
    } else if bytes.isEmpty {
      self = .other("an empty file")
    } else if starts("GIF8") {
      self = .other("a GIF picture")
    } else if starts("BM") {
      self = .other("a BMP picture")
    } else if starts("II*\0") || starts("MM\0*") {
      self = .other("a TIFF picture")
    } else if starts("ftypavif", at: 4) {
      self = .other("an AVIF picture")
    } else if starts("ftyphei", at: 4) || starts("ftypmif1", at: 4) {
      self = .other("a HEIF picture")
    } else if starts("NUMPY", at: 1) {
      self = .other("a NumPy array")
    } else if bytes.prefix(512).allSatisfy({ $0 == 9 || $0 == 10 || $0 == 13 || $0 >= 32 }) {
      self = .other("text")
    } else {
      self = .other("bytes of no known picture format")
    }
  }

  private static func starts(_ bytes: UnsafeRawBufferPointer, _ prefix: [UInt8], at offset: Int = 0) -> Bool {
    bytes.count >= offset + prefix.count && bytes[offset..<offset + prefix.count].elementsEqual(prefix)
  }
}
