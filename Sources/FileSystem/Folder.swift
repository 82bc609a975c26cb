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

  /// What is in a folder, in no order.
  public struct Listing: Sendable {
    public var names: [String] = []
    /// Files whose names are not UTF-8, so that they cannot be opened; their other bytes are written as `\xE9`.
    public var unreadableFiles: [String] = []
    /// Folders with such names.
    public var unreadableFolders: [String] = []
  }

  /// The names of what is in a folder, in no order, without those that are not UTF-8.
  /// - Throws: ``FileError`` that says why it cannot be listed.
  public static func names(in path: String) throws(FileError) -> [String] { try list(path).names }

  /// What is in a folder.
  /// - Throws: ``FileError`` that says why it cannot be listed.
  public static func list(_ path: String) throws(FileError) -> Listing {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .notFound(path: path) }
    guard let folder = opendir(path) else {
      if errno == ENOTDIR, access(path, F_OK) == 0 { throw .notAFolder(path: path) }
      throw .from(code: errno, path: path, action: "list the folder")
    }
    defer { closedir(folder) }
    var listing = Listing()
    while true {
      errno = 0
      guard let entry = readdir(folder) else { break }
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if let name = String(validating: bytes, as: UTF8.self) {
        if name != ".", name != ".." { listing.names.append(name) }
        continue
      }
      var status = stat()
      let isFolder =
        fstatat(dirfd(folder), bytes.map { CChar(bitPattern: $0) } + [0], &status, 0) == 0
        && status.st_mode & S_IFMT == S_IFDIR
      if isFolder {
        listing.unreadableFolders.append(escaped(bytes))
      } else {
        listing.unreadableFiles.append(escaped(bytes))
      }
    }
    guard errno == 0 else { throw .from(code: errno, path: path, action: "list the folder") }
    return listing
  }

  /// The name with the bytes that are not ASCII as `\xE9`.
  private static func escaped(_ name: [UInt8]) -> String {
    name.map { byte in
      (0x20..<0x7F).contains(byte)
        ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
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
