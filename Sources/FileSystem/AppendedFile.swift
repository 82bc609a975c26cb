import Foundation

/// A file that grows at its end while the program runs, as a record of what is done.
public final class AppendedFile {
  public let path: String
  private let descriptor: Int32

  /// Opens a file that is there.
  /// - Throws: ``FileError``.
  public init(path: String) throws(FileError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.from(code: errno, path: path, action: "write") }
  }

  deinit { close(descriptor) }

  /// - Throws: ``FileError``; a part may have been written then.
  public func append(_ data: Data) throws(FileError) {
    var done = 0
    while done < data.count {
      let count = data.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + done }, data.count - done) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FileError.from(code: errno, path: path, action: "write", byteCount: data.count - done)
      }
      done += count
    }
  }
}
