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
    (isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF])
      + text.utf16.flatMap { isLittle ? [UInt8($0 & 255), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 255)] }
  }

  @Test("whoever wrote it, the text is the same")
  func encodings() throws {
    let text = "käfer: 😀\n\nend"
    let windows = text.replacing("\n", with: "\r\n")
    for variant in [text, windows] {
      #expect(try read(Array(variant.utf8)) == text)
      #expect(try read([0xEF, 0xBB, 0xBF] + variant.utf8) == text)
      for isLittle in [true, false] { #expect(try read(utf16(variant, isLittle: isLittle)) == text) }
    }
    for empty: [UInt8] in [[], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE]] { #expect(try read(empty).isEmpty) }
  }

  @Test("what is no text says what it is, and where")
  func otherBytes() throws {
    let cases: [([UInt8], String)] = [
      (Array("a\nb\nk".utf8) + [0xE4] + "fer\n".utf8, "line 3 has bytes that are not UTF-8"),
      ([0xFF, 0xFE, 0, 0, 65, 0, 0, 0], "UTF-32"), ([0, 0, 0xFE, 0xFF, 0, 0, 0, 65], "UTF-32"),
      ([65, 0, 66, 0], "without a byte order mark"), ([0xFF, 0xFE, 65], "ends within a character"),
      ([0xFF, 0xFE, 0, 0xD8, 65, 0], "no sound UTF-16"), ([UInt8](repeating: 65, count: 1001), "1001 bytes"),
    ]
    for (bytes, words) in cases {
      let error = #expect(throws: FileError.self) { try read(bytes) }
      let text = error?.description ?? ""
      #expect(text.hasPrefix(folder.path + "/it.txt: ") && text.contains(words), "\(text)")
    }
  }
}
