/// Kinds of picture files, told apart by their first bytes.
enum PictureFormat: Equatable {
  case png
  case jpeg
  case webp
  /// Something that is not read; what it is and what to do, as a sentence.
  case other(String)

  init(_ bytes: UnsafeRawBufferPointer) {
    let head = FirstBytes(bytes)
    if head.starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if head.starts([0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if head.starts("RIFF"), head.starts("WEBP", at: 8) {
      self = .webp
    } else if bytes.isEmpty {
      self = .other("this file is empty; get or save the picture anew")
    } else if let kind = Self.pictures.first(where: { head.starts($0.bytes, at: $0.offset) }) {
      self = .other("this is \(kind.name), which lrp does not read; convert it to PNG, JPEG or WebP")
    } else if let kind = Self.others.first(where: { head.starts($0.bytes, at: $0.offset) }) {
      self = .other("this is \(kind.name), no picture; \(kind.advice)")
    } else if bytes.prefix(512).allSatisfy({ $0 == 9 || $0 == 10 || $0 == 13 || $0 >= 32 }) {
      self = .other(Self.text(bytes))
    } else {
      self = .other("this is no picture of a kind that lrp knows; convert it to PNG, JPEG or WebP")
    }
  }

  /// What a text is: a drawing in XML, a page that came instead of a picture, or just text.
  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    let head = String(decoding: bytes.prefix(512), as: UTF8.self).lowercased()
    let start = head.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if head.contains("<svg") {
      return "this is an SVG drawing, which lrp does not read; convert it to PNG, JPEG or WebP"
    }
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") || start.hasPrefix("<head") {
      return "this is a web page, no picture: the download has failed; get the picture itself"
    }
    return "this is text, no picture; give a PNG, JPEG or WebP file"
  }

  private struct Kind {
    let name: String
    let bytes: [UInt8]
    var offset = 0
    var advice = ""

    init(_ name: String, _ bytes: [UInt8], at offset: Int = 0, advice: String = "") {
      (self.name, self.bytes, self.offset, self.advice) = (name, bytes, offset, advice)
    }

    init(_ name: String, _ text: String, at offset: Int = 0, advice: String = "") {
      self.init(name, Array(text.utf8), at: offset, advice: advice)
    }
  }

  private static let pictures = [
    Kind("a GIF picture", "GIF8"), Kind("a BMP picture", "BM"),
    Kind("a TIFF picture", "II*\0"), Kind("a TIFF picture", "MM\0*"),
    Kind("an AVIF picture", "ftypavif", at: 4), Kind("an AVIF picture", "ftypavis", at: 4),
    Kind("a HEIF picture (HEIC)", "ftyphei", at: 4), Kind("a HEIF picture (HEIC)", "ftyphev", at: 4),
    Kind("a HEIF picture (HEIC)", "ftypmif1", at: 4),
    Kind("a JPEG XL picture", "JXL ", at: 4), Kind("a JPEG XL picture", [0xFF, 0x0A]),
    Kind("a JPEG 2000 picture", "jP  ", at: 4), Kind("a JPEG 2000 picture", [0xFF, 0x4F, 0xFF, 0x51]),
    Kind("a DICOM picture", "DICM", at: 128), Kind("a Photoshop picture", "8BPS"), Kind("an icon", [0, 0, 1, 0]),
    Kind("an OpenEXR picture", [0x76, 0x2F, 0x31, 0x01]), Kind("a PDF page", "%PDF-"),
    Kind("a PostScript page", "%!PS"), Kind("a FITS picture", "SIMPLE  ="),
  ]

  private static let others = [
    Kind("a NumPy array", "NUMPY", at: 1, advice: "give it the ending .npy"),
    Kind("a pointer of Git LFS", "version https://git-lfs", advice: "fetch the picture itself: git lfs pull"),
    Kind("a video (MP4)", "ftyp", at: 4, advice: "save one of its frames as PNG"),
    Kind("a video (Matroska)", [0x1A, 0x45, 0xDF, 0xA3], advice: "save one of its frames as PNG"),
    Kind("a video or sound", "RIFF", advice: "save one of its frames as PNG"),
    Kind("a MATLAB file", "MATLAB 5.0", advice: "save the array with numpy.save"),
    Kind("an HDF5 file", [0x89, 0x48, 0x44, 0x46], advice: "save the array with numpy.save"),
    Kind("a zip archive", "PK\u{3}\u{4}", advice: "unpack it; save tensors of PyTorch with numpy.save"),
    Kind("a file compressed with gzip", [0x1F, 0x8B], advice: "unpack it first, with gunzip"),
  ]
}

/// Compares the bytes that a file begins with.
private struct FirstBytes {
  let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  func starts(_ prefix: [UInt8], at offset: Int = 0) -> Bool {
    bytes.count >= offset + prefix.count && bytes[offset..<offset + prefix.count].elementsEqual(prefix)
  }

  func starts(_ text: String, at offset: Int = 0) -> Bool { starts(Array(text.utf8), at: offset) }
}
