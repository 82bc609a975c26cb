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
    } else if Self.starts(bytes, [0xFF, 0x0A]) || starts("JXL ", at: 4) {
      self = .other("a JPEG XL picture")
    } else if starts("jP  ", at: 4) || Self.starts(bytes, [0xFF, 0x4F, 0xFF, 0x51]) {
      self = .other("a JPEG 2000 picture")
    } else if starts("DICM", at: 128) {
      self = .other("a DICOM picture")
    } else if starts("%PDF") {
      self = .other("a PDF document")
    } else if starts("ftyp", at: 4) || starts("RIFF") {
      self = .other("a video or sound")
    } else if starts("version https://git-lfs") {
      self = .other("a pointer of Git LFS (git lfs pull fetches the file itself)")
    } else if starts("MATLAB 5.0") {
      self = .other("a MATLAB file")
    } else if Self.starts(bytes, [0x50, 0x4B, 3, 4]) {
      self = .other("a zip archive")
    } else if Self.word(bytes, "<svg") {
      self = .other("an SVG drawing")
    } else if Self.word(bytes, "<html") || Self.word(bytes, "<!doctype html") {
      self = .other("a web page (a download that failed, perhaps)")
    } else if starts("NUMPY", at: 1) {
      self = .other("a NumPy array")
    } else if bytes.prefix(512).allSatisfy({ $0 == 9 || $0 == 10 || $0 == 13 || $0 >= 32 }) {
      self = .other("text")
    } else {
      self = .other("bytes of no known picture format")
    }
  }

  /// Whether a word is among the first bytes of a text, in letters of either size.
  private static func word(_ bytes: UnsafeRawBufferPointer, _ word: String) -> Bool {
    guard bytes.first == UInt8(ascii: "<") || bytes.first == 0xEF else { return false }
    return String(decoding: bytes.prefix(512), as: UTF8.self).lowercased().contains(word)
  }

  private static func starts(_ bytes: UnsafeRawBufferPointer, _ prefix: [UInt8], at offset: Int = 0) -> Bool {
    bytes.count >= offset + prefix.count && bytes[offset..<offset + prefix.count].elementsEqual(prefix)
  }
}
