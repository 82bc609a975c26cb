import FileSystem
import Foundation

/// A folder in which one session of the explorer keeps the states of its edits, a file for each, so that they survive it.
///
/// The session holds the folder's lock while it lives, so others can tell what is theirs from what was left. Folders have
/// names of their own, not those of processes: in a container every session may be process 1.
package final class SessionFolder {
  package let path: String
  private let lock: FolderLock
  /// What this session has written, by file name.
  private var written: [String: UnsavedHeading] = [:]

  private static let prefix = "unsaved-"

  /// Makes one for a session that begins.
  /// - Parameter folder: what holds those of all sessions.
  /// - Throws: `FileError`.
  package init(in folder: String) throws {
    path = folder + "/" + Self.prefix + UUID().uuidString
    try Folder.make(path)
    guard let lock = try FolderLock(folder: path) else {
      throw FileError.notPermitted(path: path, action: "lock this folder")
    }
    self.lock = lock
  }

  private init(path: String, lock: FolderLock) {
    self.path = path
    self.lock = lock
  }

  /// Those that sessions which are gone have left, locked from now on, so that no other session offers them too.
  package static func left(in folder: String) -> [SessionFolder] {
    let names = (try? Folder.names(in: folder)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted().compactMap { name in
      let path = folder + "/" + name
      // An empty one may belong to a session that is just about to lock it.
      guard !files(of: path).isEmpty, let lock = try? FolderLock(folder: path) else { return nil }
      return SessionFolder(path: path, lock: lock)
    }
  }

  /// The files of all states, the oldest first.
  package var files: [String] { Self.files(of: path) }

  private static func files(of path: String) -> [String] {
    ((try? Folder.names(in: path)) ?? []).filter { $0.hasSuffix(".yaml") }.sorted().map { path + "/" + $0 }
  }

  // MARK: - Writing

  /// Whether this session has written a state.
  package func holds(_ revision: Int, _ heading: UnsavedHeading) -> Bool {
    written[Self.fileName(revision)] == heading
  }

  /// Writes a state, over one that had its number.
  /// - Throws: `FileError`.
  package func write(_ text: String, _ revision: Int, _ heading: UnsavedHeading) throws {
    let name = Self.fileName(revision)
    written[name] = nil
    try AtomicFile.write(heading.text + text, to: path + "/" + name)
    written[name] = heading
  }

  /// Removes all other states.
  package func keepOnly(_ revisions: [Int]) {
    let names = Set(revisions.map(Self.fileName))
    for file in files where !names.contains((file as NSString).lastPathComponent) {
      unlink(file)
      written[(file as NSString).lastPathComponent] = nil
    }
  }

  /// Removes the folder with all that is in it.
  package func remove() { try? FileManager.default.removeItem(atPath: path) }

  private static func fileName(_ revision: Int) -> String {
    let digits = String(revision)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".yaml"
  }
}
