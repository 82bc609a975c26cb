import FileSystem

/// Reads little-endian numbers from a part of a mapped file; nothing outside it can be read.
struct ByteReader {
  let file: MappedFile
  /// The part of the file that may be read.
  let range: Range<Int>
  /// Offset of the next byte in the file.
  private(set) var position: Int

  /// - Throws: `FileError.outOfBounds` if the file does not have these bytes.
  init(_ file: MappedFile, at offset: Int, byteCount: Int) throws {
    _ = try file.slice(at: offset, byteCount: byteCount)
    self.file = file
    range = offset..<offset + byteCount
    position = offset
  }

  var remaining: Int { range.upperBound - position }

  mutating func byte() throws -> UInt8 {
    guard remaining > 0 else { throw truncated(1) }
    defer { position += 1 }
    return file.bytes[position]
  }

  /// A number of `byteCount` bytes, at most 8.
  mutating func unsigned(_ byteCount: Int) throws -> UInt64 {
    guard remaining >= byteCount else { throw truncated(byteCount) }
    var value: UInt64 = 0
    for index in 0..<byteCount { value |= UInt64(file.bytes[position + index]) << UInt64(8 * index) }
    position += byteCount
    return value
  }

  /// A number that counts or places bytes.
  mutating func count(_ byteCount: Int) throws -> Int {
    let value = try unsigned(byteCount)
    guard let count = Int(exactly: value) else { throw wrong("the number \(value)", "fewer than 2^63 bytes") }
    return count
  }

  /// The next `count` bytes.
  mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else { throw truncated(count) }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: file.bytes[position..<position + count])
  }

  /// The next `count` bytes as UTF-8.
  mutating func text(_ count: Int) throws -> String {
    guard let text = String(validating: try take(count), as: UTF8.self) else {
      throw wrong("bytes that are no UTF-8 before byte \(position)", "a text")
    }
    return text
  }

  /// The text up to the next line feed, which is read too.
  mutating func line(atMost longest: Int) throws -> String {
    let rest = file.bytes[position..<position + min(remaining, longest + 1)]
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
      throw wrong("no line feed in the \(rest.count) bytes from byte \(position)", "a line of at most \(longest)")
    }
    let text = try text(end - position)
    position += 1
    return text
  }

  func truncated(_ count: Int) -> ModelFormatError {
    wrong("\(remaining) bytes left at byte \(position)", "\(count)")
  }

  func wrong(_ found: String, _ expected: String, _ advice: String? = nil) -> ModelFormatError {
    .malformed(
      file: file.path, found: found, expected: expected,
      advice: advice ?? "the file is truncated or corrupt; get or save it anew")
  }
}
