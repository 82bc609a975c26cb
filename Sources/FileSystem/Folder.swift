import Foundation

/// Folders that files are going to be written into.
public enum Folder {
  /// The folder that a path's last part is in: `a/b` for `a/b/c` and `a/b/c/`, `/` for `/a`, nothing for `a`.
  ///
  /// `NSString.deletingLastPathComponent` ends the program for a path of a single character.
  public static func containing(_ path: String) -> String {
    let trimmed = trimmed(path[...])
    guard trimmed != "/", let slash = trimmed.lastIndex(of: "/") else { return trimmed == "/" ? "/" : "" }
    return String(Self.trimmed(trimmed[...slash]))
  }

  /// Without slashes at its end, but for the one that is all of it.
  private static func trimmed(_ path: Substring) -> Substring {
    var path = path
    while path.count > 1, path.last == "/" { path.removeLast() }
    return path
  }

  /// The names of what is in a folder, in no order.
  /// - Throws: ``FileError`` that says why it cannot be listed.
  public static func names(in path: String) throws(FileError) -> [String] {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .notFound(path: path) }
    guard let folder = opendir(path) else {
      if errno == ENOTDIR, access(path, F_OK) == 0 { throw .notAFolder(path: path) }
      throw .from(code: errno, path: path, action: "list the folder")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(folder) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) {
          String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw .from(code: errno, path: path, action: "list the folder") }
    return names
  }

  /// Makes a folder, and those around it, if it is not there.
  /// - Throws: ``FileError`` naming the folder that is in the way or cannot be made.
  public static func make(_ path: String) throws {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw FileError.notFound(path: path) }
    guard path.utf8.count < Int(PATH_MAX) else { throw FileError.from(code: ENAMETOOLONG, path: path, action: "make") }
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw FileError.notAFolder(path: path) }
      return
    }
    let parent = containing(path)
    if !parent.isEmpty, parent.utf8.count < path.utf8.count { try make(parent) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw FileError.from(code: errno, path: path, action: "make this folder")
    }
  }
}
