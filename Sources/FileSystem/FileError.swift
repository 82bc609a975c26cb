import Foundation

/// What can go wrong with a file, in words that name it and say what to do.
public enum FileError: Error, Equatable, CustomStringConvertible, LocalizedError {
  case notFound(path: String)
  case isDirectory(path: String)
  case notARegularFile(path: String)
  case notAFolder(path: String)
  case noSuchFolder(path: String, folder: String)
  case notPermitted(path: String, action: String)
  case diskFull(path: String, byteCount: Int)
  case alreadyExists(path: String)
  /// A range of bytes outside a mapped file: it is shorter than its contents claim.
  case outOfBounds(path: String, offset: Int, byteCount: Int, size: Int)
  /// A mapped file was truncated or overwritten while its contents were in use.
  case changed(path: String, size: Int, newSize: Int)
  /// The file should be text, and is none that is read.
  case notText(path: String, problem: String)
  /// A name in a folder that is not UTF-8; its other bytes are written as `\xE9`.
  case nameNotText(path: String)
  /// A path with fields that cannot be filled in.
  case template(text: String, problem: String)
  /// Any other system error.
  case system(path: String, action: String, code: Int32)

  /// The file the error is about.
  public var path: String {
    switch self {
    case .notFound(let path), .isDirectory(let path), .notARegularFile(let path), .alreadyExists(let path),
      .notAFolder(let path), .notText(let path, _), .nameNotText(let path):
      path
    case .template(let text, _): text
    case .noSuchFolder(let path, _), .notPermitted(let path, _), .diskFull(let path, _): path
    case .outOfBounds(let path, _, _, _), .changed(let path, _, _), .system(let path, _, _): path
    }
  }

  public var description: String {
    switch self {
    case .notFound(let path):
      if path.isEmpty { return "an empty path found; name a file" }
      // What stands for bytes that are no text where arguments come from.
      let isText = !path.unicodeScalars.contains("\u{FFFD}")
      return "\(path): no such file; " + (isText ? "check the path" : "if its name is not UTF-8, rename it")
    case .isDirectory(let path):
      return "\(path): is a folder, expected a file; name a file in it"
    case .notARegularFile(let path):
      return "\(path): is a device, pipe or socket, expected a regular file; copy its contents to a file first"
    case .notAFolder(let path):
      return "\(path): is a file, expected a folder; choose another path"
    case .noSuchFolder(let path, let folder):
      return "\(path): the folder \(folder) does not exist; create it or choose another path"
    case .notPermitted(let path, let action):
      return "\(path): no permission to \(action); change its permissions or choose another path"
    case .diskFull(let path, let byteCount):
      return "\(path): no room for \(byteCount) bytes (disk full or over quota), nothing was written; free some space"
    case .alreadyExists(let path):
      return "\(path): exists already and was not overwritten; choose another name"
    case .outOfBounds(let path, let offset, let byteCount, let size):
      return "\(path): bytes \(offset)..<\(offset) + \(byteCount) lie outside the file, which has \(size) bytes;"
        + " it is truncated or corrupt"
    case .changed(let path, let size, let newSize):
      let found = newSize == size ? "other contents" : "\(newSize) bytes"
      return
        "\(path): \(found) found, the \(size) bytes expected that were there when it was opened; it was overwritten"
        + " while in use, open it again"
    case .notText(let path, let problem):
      return "\(path): \(problem)"
    case .nameNotText(let path):
      return "\(path): this name is not UTF-8 (in Latin-1 or Windows-1252, perhaps); rename it"
    case .template(let text, let problem):
      return "\(text): \(problem)"
    case .system(let path, let action, let code):
      return "\(path): could not \(action): \(String(cString: strerror(code))) (error \(code))"
    }
  }

  public var errorDescription: String? { description }

  /// The error for a system error code met while doing `action` on `path`.
  static func from(code: Int32, path: String, action: String, byteCount: Int = 0) -> FileError {
    switch code {
    case ENOENT, ENOTDIR:
      .notFound(path: path)
    case EISDIR:
      .isDirectory(path: path)
    case EACCES, EPERM, EROFS:
      .notPermitted(path: path, action: action)
    case ENOSPC, EDQUOT, EFBIG:
      .diskFull(path: path, byteCount: byteCount)
    default:
      .system(path: path, action: action, code: code)
    }
  }
}
