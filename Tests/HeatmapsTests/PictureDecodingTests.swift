import FileSystem
import Foundation
import Heatmaps
import Testing

struct PictureDecodingTests {
  struct Fixture: Decodable, Sendable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
      let name: String
      let file: Blob
      let width: Int
      let height: Int
      let rgb: Blob
      let tolerance: Int
      var testDescription: String { name }
    }
    let pictures: [Case]
    let other: [String: Blob]
  }

  static let fixture = Golden.load("pictures.json", as: Fixture.self)

  @Test("Pictures of every kind are read", arguments: fixture.pictures)
  func read(_ expected: Fixture.Case) throws {
    let picture = try Picture(decoding: expected.file.bytes, name: expected.name)
    #expect(picture.width == expected.width)
    #expect(picture.height == expected.height)
    let differences = zip(picture.rgb, expected.rgb.bytes).map { abs(Int($0) - Int($1)) }
    #expect(differences.count == expected.rgb.bytes.count)
    #expect((differences.max() ?? 0) <= expected.tolerance)
  }

  @Test("Pictures cut short are refused, wherever the cut is", arguments: fixture.pictures)
  func truncated(_ whole: Fixture.Case) {
    let bytes = whole.file.bytes
    // The last bytes of PNG and JPEG files only say that this is the end.
    let last = whole.name.hasPrefix("webp") ? bytes.count - 2 : bytes.count - 16
    for count in stride(from: 0, to: last, by: 7) {
      #expect(throws: HeatmapError.self, "\(count) of \(bytes.count) bytes") {
        try Picture(decoding: Array(bytes[..<count]), name: whole.name)
      }
    }
  }

  @Test("Damaged pictures are refused or read, but nothing worse", arguments: fixture.pictures)
  func damaged(_ whole: Fixture.Case) {
    for position in whole.file.bytes.indices {
      var bytes = whole.file.bytes
      bytes[position] ^= UInt8(truncatingIfNeeded: position &* 37 | 1)
      guard let picture = try? Picture(decoding: bytes, name: whole.name, limits: PictureLimits(side: 4096)) else {
        continue
      }
      #expect(picture.rgb.count == 3 * picture.width * picture.height)
    }
  }

  @Test("Other formats are named", arguments: ["gif", "bmp", "tiff", "webp animated"])
  func other(_ name: String) throws {
    let file = try #require(Self.fixture.other[name])
    let error = #expect(throws: HeatmapError.self) { try Picture(decoding: file.bytes, name: "it") }
    let word = name == "webp animated" ? "animated" : name.uppercased()
    #expect(error?.description.contains(word) == true)
    #expect(error?.description.hasPrefix("it: ") == true)
  }

  @Test("Files that are no pictures are refused in one clear sentence")
  func noPicture() throws {
    try withTemporaryFolder { folder in
      for (name, content, problem) in [
        ("empty.png", "", "this file is empty; get or save the picture anew"),
        ("text.jpg", "Hello, this is text.\n", "this is text, no picture; give a PNG, JPEG or WebP file"),
        ("array.png", "\u{13}NUMPY", "this is a NumPy array, no picture; give it the ending .npy"),
      ] {
        let file = folder.appendingPathComponent(name)
        try Data(content.utf8).write(to: file)
        let error = #expect(throws: HeatmapError.self) { try Picture(contentsOfFile: file.path) }
        #expect(error?.description == "\(file.path): \(problem)")
      }
      #expect(throws: FileError.self) { try Picture(contentsOfFile: folder.path) }
      #expect(throws: FileError.self) { try Picture(contentsOfFile: folder.path + "/none.png") }
    }
  }

  @Test(
    "What comes instead of a picture is named by its first bytes, with a way out",
    arguments: [
      ("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS", "git lfs pull"),
      ("\n <!DOCTYPE html><html></html>", "web page", "get the picture itself"),
      ("<?xml version=\"1.0\"?>\n<svg xmlns=\"x\"/>", "SVG", "convert it"), ("%PDF-1.7\n", "PDF", "convert it"),
      ("\0\0\0\u{18}ftypheic", "HEIC", "convert it"), ("\0\0\0\u{18}ftypavif", "AVIF", "convert it"),
      ("\0\0\0\u{0C}JXL \r\n", "JPEG XL", "convert it"), ("\0\0\0\u{0C}jP  \r\n", "JPEG 2000", "convert it"),
      (String(repeating: "\0", count: 128) + "DICM", "DICOM", "convert it"),
      ("\0\0\0\u{20}ftypisom", "video", "one of its frames"), ("MATLAB 5.0 MAT-file", "MATLAB", "numpy.save"),
      ("PK\u{3}\u{4}", "zip archive", "unpack it"),
      ("\0\u{1}\0\u{2}", "no picture of a kind that lrp knows", "convert it"),
    ])
  func named(_ content: String, _ kind: String, _ advice: String) {
    let error = #expect(throws: HeatmapError.self) { try Picture(decoding: Array(content.utf8), name: "it") }
    #expect(error?.description.hasPrefix("it: this is ") == true)
    #expect(error?.description.contains(kind) == true && error?.description.contains(advice) == true)
    #expect(error?.description.contains("damaged") == false)
  }

  @Test(
    "A PNG header of more pixels than libpng takes is told as that, and not as damage", arguments: [2_000_000, 1 << 30])
  func hugePNG(_ side: Int) throws {
    var bytes = try #require(Self.fixture.pictures.first { $0.name == "png rgb" }).file.bytes
    for offset in [16, 20] {
      for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: side >> (24 - 8 * byte)) }
    }
    let expected = HeatmapError.pictureTooLarge(name: "it", width: side, height: side, limit: .standard)
    #expect(throws: expected) { try Picture(decoding: bytes, name: "it") }
  }

  @Test("The name says nothing about the format")
  func contentDecides() throws {
    try withTemporaryFolder { folder in
      let png = try #require(Self.fixture.pictures.first { $0.name == "png rgb" })
      let file = folder.appendingPathComponent("really.jpg")
      try Data(png.file.bytes).write(to: file)
      #expect(try Picture(contentsOfFile: file.path).rgb == png.rgb.bytes)
    }
  }

  @Test("Sizes beyond the limits are refused by the header alone", arguments: ["png rgb", "jpeg", "webp lossless"])
  func tooLarge(_ name: String) throws {
    let whole = try #require(Self.fixture.pictures.first { $0.name == name })
    for limits in [PictureLimits(side: whole.width - 1), PictureLimits(pixels: whole.width * whole.height - 1)] {
      #expect(
        throws: HeatmapError.pictureTooLarge(name: name, width: whole.width, height: whole.height, limit: limits)
      ) { try Picture(decoding: whole.file.bytes, name: name, limits: limits) }
    }
  }

  @Test("A JPEG that claims to be enormous takes no memory")
  func enormousJPEG() throws {
    var bytes = try #require(Self.fixture.pictures.first { $0.name == "jpeg" }).file.bytes
    // Start of frame: FF C0, length, precision, then height and width.
    let frame = try #require(bytes.indices.dropLast(9).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    let error = #expect(throws: HeatmapError.self) { try Picture(decoding: bytes, name: "bomb.jpg") }
    #expect(error?.description.contains("65500 x 65500") == true)
  }

  @Test("A PNG that claims to be enormous takes no memory", arguments: [UInt32(100_000), 16_000, 0x7FFF_FFFF])
  func enormousPNG(_ side: UInt32) throws {
    var bytes = try #require(Self.fixture.pictures.first { $0.name == "png rgb" }).file.bytes
    func write(_ value: UInt32, at offset: Int) {
      for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32(byte))) }
    }
    write(side, at: 16)
    write(side, at: 20)
    // The checksum of the header chunk covers its type and its 13 bytes.
    write(checksum(bytes[12..<29]), at: 29)
    let error = #expect(throws: HeatmapError.self) { try Picture(decoding: bytes, name: "bomb.png") }
    #expect(error?.description.contains("\(side) x \(side)") == true)
  }

  /// CRC-32 as PNG has it.
  private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  @Test("Exif orientation can be ignored")
  func stored() throws {
    let turned = try #require(Self.fixture.pictures.first { $0.name == "jpeg exif 6" })
    let picture = try Picture(decoding: turned.file.bytes, name: turned.name, upright: false)
    #expect((picture.width, picture.height) == (turned.height, turned.width))
  }

  @Test("PNG and WebP are turned as JPEG is, in all eight ways", arguments: ["png", "webp"], 1...8)
  func orientations(_ kind: String, _ tag: Int) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    var bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent("exif." + kind)))
    // Both hold the tag 0x0112, a number of two bytes, once: 6 in the file.
    let little: [UInt8] = [0x12, 1, 3, 0, 1, 0, 0, 0]
    let big: [UInt8] = [1, 0x12, 0, 3, 0, 0, 0, 1]
    let entry = try #require(
      bytes.indices.dropLast(12).first {
        bytes[$0..<$0 + 8].elementsEqual(little) || bytes[$0..<$0 + 8].elementsEqual(big)
      })
    let place = bytes[entry] == 1 ? entry + 9 : entry + 8
    #expect(bytes[place] == 6)
    bytes[place] = UInt8(tag)
    if kind == "png" {
      // libpng checks the checksum of the chunk.
      let chunk = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("eXIf".utf8)) })
      let length = bytes[chunk - 4..<chunk].reduce(0) { $0 << 8 | Int($1) }
      let sum = checksum(bytes[chunk..<chunk + 4 + length])
      for byte in 0..<4 { bytes[chunk + 4 + length + byte] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * UInt32(byte))) }
    }
    let stored = try Picture(decoding: bytes, name: "it", upright: false)
    let upright = try Picture(decoding: bytes, name: "it")
    #expect((stored.width, stored.height) == (3, 2))
    // The stored picture's corners, by what the tag says is where: the row's side first, then the column's.
    let sides: [Int: (String, String)] = [
      1: ("top", "left"), 2: ("top", "right"), 3: ("bottom", "right"), 4: ("bottom", "left"), 5: ("left", "top"),
      6: ("right", "top"), 7: ("right", "bottom"), 8: ("left", "bottom"),
    ]
    let (row, column) = try #require(sides[tag])
    let isTurned = tag >= 5
    #expect((upright.width, upright.height) == (isTurned ? (2, 3) : (3, 2)))
    // Where the stored picture's first row and first column are in the upright one, its first pixel is.
    let (isRight, isBottom) = (row == "right" || column == "right", row == "bottom" || column == "bottom")
    let (x, y) = (isRight ? upright.width - 1 : 0, isBottom ? upright.height - 1 : 0)
    #expect(upright[x, y] == stored[0, 0])
    // And its second pixel lies along the first row.
    let next = isTurned ? upright[x, y + (isBottom ? -1 : 1)] : upright[x + (isRight ? -1 : 1), y]
    #expect(next == stored[1, 0])
  }
}
