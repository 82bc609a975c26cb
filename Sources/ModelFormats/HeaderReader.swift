/// Reads the text of a file's header, byte by byte: what the readers of the formats' own texts have in common.
protocol HeaderReader {
  associatedtype Bytes: RandomAccessCollection where Bytes.Element == UInt8, Bytes.Index == Int

  /// Counted from 0.
  var bytes: Bytes { get }
  var file: String { get }
  var position: Int { get set }
  /// What of the file the text is, for messages.
  var part: String { get }
  /// Bytes that mean nothing between others.
  static var spaces: [UInt8] { get }
  /// What to do about a file that is not sound.
  static var advice: String { get }
}

extension HeaderReader {
  var part: String { "header" }

  func error(_ expected: String) -> ModelFormatError {
    let found = position < bytes.count ? "'\(printable(String(UnicodeScalar(bytes[position]))))'" : "its end"
    return .malformed(
      file: file, found: "\(found) at byte \(position) of the \(part)", expected: expected, advice: Self.advice)
  }

  mutating func skipSpace() {
    while position < bytes.count, Self.spaces.contains(bytes[position]) { position += 1 }
  }

  mutating func accept(_ character: Character) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Character) throws {
    guard accept(character) else { throw error("'\(character)'") }
  }

  /// Only spaces may follow.
  mutating func end() throws {
    skipSpace()
    guard position == bytes.count else { throw error("nothing but spaces after the closing brace") }
  }
}
