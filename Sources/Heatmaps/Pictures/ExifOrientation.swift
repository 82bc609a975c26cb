/// Which way up the camera was held: the Exif tag 0x0112, 1…8.
struct ExifOrientation: Equatable {
  /// 1 is upright.
  let tag: Int

  /// Whether width and height change places.
  var swapsAxes: Bool { tag >= 5 }

  init(tag: Int) { self.tag = (1...8).contains(tag) ? tag : 1 }

  /// The orientation in the Exif segment of a JPEG file; upright if there is none or it makes no sense.
  init(jpeg bytes: UnsafeRawBufferPointer) {
    self.init(tag: Self.exifSegment(bytes).flatMap(Self.orientation) ?? 1)
  }

  /// The orientation in the eXIf chunk of a PNG file (PNG, third edition, section 11.3.4.6), which may come behind the
  /// picture's data.
  init(png bytes: UnsafeRawBufferPointer) {
    var found: Int?
    var position = 8
    while found == nil, position <= bytes.count - 12 {
      let length = (0..<4).reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
      let start = position + 8
      guard length <= bytes.count - start - 4 else { break }
      if bytes[position + 4..<start].elementsEqual("eXIf".utf8) {
        found = Self.orientation(Self.withoutPrefix(UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])))
      }
      position = start + length + 4
    }
    self.init(tag: found ?? 1)
  }

  /// The orientation in the EXIF chunk of a WebP file (RFC 9649, section 2.7.1.5).
  init(webp bytes: UnsafeRawBufferPointer) {
    var found: Int?
    var position = 12
    while found == nil, position <= bytes.count - 8 {
      let length = (0..<4).reduce(0) { $0 | Int(bytes[position + 4 + $1]) << (8 * $1) }
      let start = position + 8
      guard length <= bytes.count - start else { break }
      if bytes[position..<position + 4].elementsEqual("EXIF".utf8) {
        found = Self.orientation(Self.withoutPrefix(UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])))
      }
      // Chunks begin at even places.
      position = start + length + length % 2
    }
    self.init(tag: found ?? 1)
  }

  private static let prefix: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]

  /// Some programs keep the words that introduce the TIFF structure in a JPEG file.
  private static func withoutPrefix(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes.dropFirst(bytes.starts(with: prefix) ? prefix.count : 0))
  }

  /// The column and row that the pixel at `column`, `row` of the upright picture has in the stored one of `width` x `height`.
  func stored(_ column: Int, _ row: Int, width: Int, height: Int) -> (column: Int, row: Int) {
    let (right, bottom) = (width - 1, height - 1)
    return switch tag {
    case 2: (right - column, row)
    case 3: (right - column, bottom - row)
    case 4: (column, bottom - row)
    case 5: (row, column)
    case 6: (row, bottom - column)
    case 7: (right - row, bottom - column)
    case 8: (right - row, column)
    default: (column, row)
    }
  }

  /// The TIFF structure inside the first Exif segment before the picture's data.
  private static func exifSegment(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      if marker == 0xFF {
        position += 1
        continue
      }
      // Start of scan and end of image: no more segments.
      if marker == 0xDA || marker == 0xD9 { return nil }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count else { return nil }
      let body = UnsafeRawBufferPointer(rebasing: bytes[position + 4..<end])
      if marker == 0xE1, body.count > 6, body.starts(with: prefix) {
        return UnsafeRawBufferPointer(rebasing: body.dropFirst(6))
      }
      position = end
    }
    return nil
  }

  private static func orientation(_ tiff: UnsafeRawBufferPointer) -> Int? {
    guard tiff.count >= 8, tiff[0] == tiff[1], tiff[0] == 0x49 || tiff[0] == 0x4D else { return nil }
    let isLittleEndian = tiff[0] == 0x49
    func number(_ offset: Int, _ count: Int) -> Int? {
      guard offset >= 0, offset <= tiff.count - count else { return nil }
      let digits = tiff[offset..<offset + count]
      return isLittleEndian
        ? digits.reversed().reduce(0) { $0 << 8 | Int($1) } : digits.reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(2, 2) == 42, let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    for entry in 0..<count {
      let offset = directory + 2 + 12 * entry
      guard let tag = number(offset, 2) else { return nil }
      if tag == 0x0112 { return number(offset + 2, 2) == 3 ? number(offset + 8, 2) : nil }
    }
    return nil
  }
}

extension Picture {
  /// The picture upright.
  func turned(_ orientation: ExifOrientation) -> Picture {
    guard orientation != ExifOrientation(tag: 1) else { return self }
    let (newWidth, newHeight) = orientation.swapsAxes ? (height, width) : (width, height)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rgb.count)
    for row in 0..<newHeight {
      for column in 0..<newWidth {
        let place = orientation.stored(column, row, width: width, height: height)
        let start = 3 * (place.row * width + place.column)
        bytes.append(contentsOf: rgb[start..<start + 3])
      }
    }
    return Picture(width: newWidth, height: newHeight, rgb: bytes)
  }
}
