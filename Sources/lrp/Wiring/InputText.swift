import FileSystem
import Foundation

/// Text files that the user names.
enum InputText {
  private static let largest = 16 << 20

  /// - Throws: `FileError` if there is no such file, ``CommandFailure`` if it is no text.
  static func read(_ path: String) throws -> String {
    let file = try MappedFile(path: path)
    guard file.count <= largest else {
      throw CommandFailure("\(path): \(file.count) bytes found, a text of at most \(largest) bytes expected")
    }
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      throw CommandFailure("\(path): bytes that are no UTF-8 found, a text expected")
    }
    return text
  }
}
