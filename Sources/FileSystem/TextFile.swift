/// Text files, whoever wrote them: the one place where bytes become text.
///
/// Editors on Windows begin a file with a byte order mark, end lines with a carriage return before the line feed, and write
/// UTF-16 on demand. All that is read; the text has neither marks nor carriage returns before line feeds.
public enum TextFile {
  /// The text of the file at `path`.
  /// - Parameters:
  ///   - largest: files of more bytes are not read.
  ///   - what: what the file should be, for the message: `a composite file`.
  /// - Throws: ``FileError``; ``FileError/notText(path:problem:)`` if it is too large or no text.
  public static func read(_ path: String, largest: Int, what: String) throws -> String {
    let file = try MappedFile(path: path)
    guard file.count <= largest else {
      throw FileError.notText(
        path: path, problem: "\(file.count) bytes are too many for \(what); at most \(largest) are read")
    }
    let decoded = try withExtendedLifetime(file) { try Self.text(of: file.bytes, path: path) }
    try file.checkUnchanged()
    return decoded
  }

  /// Decodes UTF-8, or UTF-16 that begins with a byte order mark.
  /// - Throws: ``FileError/notText(path:problem:)``.
  public static func text(of bytes: UnsafeRawBufferPointer, path: String) throws -> String {
    func wrong(_ problem: String) -> FileError { .notText(path: path, problem: problem) }
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      throw wrong("it is in UTF-32, which is not read; save it as UTF-8")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      let isLittle = bytes[0] == 0xFF
      guard bytes.count % 2 == 0 else { throw wrong("it is in UTF-16, but ends within a character; save it as UTF-8") }
      let units = stride(from: 2, to: bytes.count, by: 2).map { index in
        let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
        return isLittle ? second << 8 | first : first << 8 | second
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw wrong("it begins as UTF-16, but is no sound UTF-16 further on; save it as UTF-8")
      }
      return withPlainLines(text)
    }
    let content = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0))
    if content.prefix(64).contains(0) {
      throw wrong("it has zero bytes, as UTF-16 without a byte order mark and binary files do; save it as UTF-8 text")
    }
    guard let text = String(validating: content, as: UTF8.self) else { throw wrong(notUTF8(content)) }
    return withPlainLines(text)
  }

  private static func withPlainLines(_ text: String) -> String {
    text.utf8.contains(UInt8(ascii: "\r")) ? text.replacing("\r\n", with: "\n") : text
  }

  /// Says where the first byte is that does not belong to UTF-8, and what it may be.
  private static func notUTF8(_ bytes: UnsafeRawBufferPointer) -> String {
    var decoder = UTF8()
    var input = bytes.makeIterator()
    var line = 1
    // The decoder reads ahead; the line is what people need.
    while case .scalarValue(let scalar) = decoder.decode(&input) { line += scalar == "\n" ? 1 : 0 }
    return "line \(line) has bytes that are not UTF-8 (in Windows-1252 or Latin-1, perhaps); save it as UTF-8"
  }
}
