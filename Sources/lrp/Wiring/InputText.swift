import FileSystem

/// Text files that the user names.
enum InputText {
  private static let largest = 16 << 20

  /// - Throws: `FileError` if there is no such file, or if it is no text.
  static func read(_ path: String) throws -> String { try TextFile.read(path, largest: largest, what: "a text") }
}
