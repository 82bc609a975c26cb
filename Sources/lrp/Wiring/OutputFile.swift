import FileSystem
import Foundation

/// A file that a command is going to write: checked before the work begins, so that it is not done for nothing.
struct OutputFile: Sendable {
  let path: String
  /// In lower case, without the dot.
  let format: String

  /// - Parameters:
  ///   - option: what the user wrote it after, for messages.
  ///   - formats: extensions that are known.
  /// - Throws: ``CommandFailure`` for another extension, `FileError` if the path cannot be written.
  init(_ path: String, option: String, formats: [String]) throws {
    self.path = path
    format = (path as NSString).pathExtension.lowercased()
    guard formats.contains(format) else {
      let found = format.isEmpty ? "no extension" : "the extension .\(format)"
      throw CommandFailure(
        "\(option) \(path): \(found) found, \(formats.map { "." + $0 }.joined(separator: " or ")) expected")
    }
    try Self.checkWritable(path)
  }

  /// - Throws: ``CommandFailure`` if two of the files are the same, or one is an input.
  static func checkDistinct(_ outputs: [OutputFile], inputs: [String]) throws {
    var seen: [String: String] = [:]
    for input in inputs { seen[identity(input)] = input }
    for output in outputs {
      if let other = seen.updateValue(output.path, forKey: identity(output.path)) {
        throw CommandFailure("\(output.path): would overwrite \(other); choose another path")
      }
    }
  }

  static func checkWritable(_ path: String) throws {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { throw FileError.isDirectory(path: path) }
      guard access(path, W_OK) == 0 else { throw FileError.notPermitted(path: path, action: "write") }
    }
    let parent = Folder.containing(path)
    let folder = parent.isEmpty ? "." : parent
    guard files.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw FileError.noSuchFolder(path: path, folder: folder)
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw FileError.notPermitted(path: path, action: "write in its folder")
    }
  }

  private static func identity(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }
}
