import Foundation

/// Says that a folder is in use, as long as this object and the program live: the system takes the lock away when the
/// program ends, however it does.
public final class FolderLock {
  private let descriptor: Int32
  private static let name = ".lock"

  /// Takes the lock of a folder that is there.
  /// - Returns: `nil` if another holds it. Where the file system knows no locks it is had without one.
  /// - Throws: ``FileError`` if the file of the lock cannot be made.
  public init?(folder: String) throws(FileError) {
    let path = folder + "/" + Self.name
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError.from(code: errno, path: path, action: "write") }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      if errno == EWOULDBLOCK { return nil }
      return
    }
  }

  deinit { close(descriptor) }
}
