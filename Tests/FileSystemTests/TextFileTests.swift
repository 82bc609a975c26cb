import FileSystem
import Foundation
import Testing

struct TextFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ bytes: [UInt8], largest: Int = 1000) throws -> String {
    let path = folder.path + "/it.txt"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try TextFile.read(path, largest: largest, what: "a text")
  }

  private func utf16(_ text: String, isLittle: Bool) -> [UInt8] {
    var bytes: [UInt8] = isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF]
    for unit in text.utf16 {
      let (low, high) = (UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8))
      bytes += isLittle ? [low, high] : [high, low]
    }
    return bytes
  }

  @Test("whoever wrote it, the text is the same")
  func encodings() throws {
    let text = "käfer: 😀\n\nend"
    let windows = text.replacing("\n", with: "\r\n")
    for variant in [text, windows] {
      #expect(try read(Array(variant.utf8)) == text)
      #expect(try read([0xEF, 0xBB, 0xBF] + Array(variant.utf8)) == text)
      for isLittle in [true, false] { #expect(try read(utf16(variant, isLittle: isLittle)) == text) }
    }
    let empty: [[UInt8]] = [[], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE]]
    for bytes in empty { #expect(try read(bytes).isEmpty) }
  }

  @Test("what is no text says what it is, and where")
  func otherBytes() throws {
    let latin: [UInt8] = [0x61, 0x0A, 0x62, 0x0A, 0x6B, 0xE4, 0x66]
    let cases: [([UInt8], String)] = [
      (latin, "line 3 has bytes that are not UTF-8"), ([0xFF, 0xFE, 0, 0, 65, 0, 0, 0], "UTF-32"),
      ([0, 0, 0xFE, 0xFF, 0, 0, 0, 65], "UTF-32"), ([65, 0, 66, 0], "without a byte order mark"),
      ([0xFF, 0xFE, 65], "ends within a character"), ([0xFF, 0xFE, 0, 0xD8, 65, 0], "no sound UTF-16"),
      ([UInt8](repeating: 65, count: 1001), "1001 bytes"),
    ]
    for (bytes, words) in cases {
      let error = #expect(throws: FileError.self) { try read(bytes) }
      let text = error?.description ?? ""
      #expect(text.hasPrefix(folder.path + "/it.txt: ") && text.contains(words), "\(text)")
    }
  }
}
