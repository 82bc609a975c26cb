import Foundation

/// Writes files whole or not at all.
///
/// The bytes go to a temporary file next to the target, which is flushed to the disk and then renamed over the target:
/// whoever reads the path sees the old contents or the new ones, never a part. On any error the temporary file is
/// removed and the target is as it was. Where the file system can, the temporary file has no name until it is whole, so
/// that nothing is left of it however the program ends.
public enum AtomicFile {
  /// Replaces (or creates) the file at `path`.
  /// - Parameter overwriting: with `false`, an existing file is left alone and ``FileError/alreadyExists(path:)`` thrown.
  /// - Throws: ``FileError``.
  public static func write(_ data: Data, to path: String, overwriting: Bool = true) throws {
    try write(to: path, overwriting: overwriting) { try $0.append(data) }
  }

  /// Replaces (or creates) the file at `path` with UTF-8 text.
  public static func write(_ text: String, to path: String, overwriting: Bool = true) throws {
    try write(Data(text.utf8), to: path, overwriting: overwriting)
  }

  /// Replaces (or creates) the file at `path` with whatever `body` appends, without gathering it in memory first.
  public static func write(to path: String, overwriting: Bool = true, _ body: (Sink) throws -> Void) throws {
    let target = try resolved(path)
    try check(target, named: path, overwriting: overwriting)
    let (descriptor, temporary) = try makeTemporary(beside: target, named: path)
    var isOpen = true
    do {
      let sink = Sink(descriptor: descriptor, path: path)
      try body(sink)
      try sink.flush()
      guard fchmod(descriptor, permissions(of: target)) == 0 || errno == EPERM else {
        throw FileError.from(code: errno, path: path, action: "set permissions")
      }
      guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
        throw FileError.from(code: errno, path: path, action: "write", byteCount: sink.byteCount)
      }
      if temporary == nil { try name(descriptor, as: target, named: path, overwriting: overwriting) }
      isOpen = false
      guard close(descriptor) == 0 else {
        throw FileError.from(code: errno, path: path, action: "write", byteCount: sink.byteCount)
      }
      if let temporary { try move(temporary, to: target, named: path, overwriting: overwriting) }
    } catch {
      if isOpen { close(descriptor) }
      if let temporary { unlink(temporary) }
      throw error
    }
    syncFolder(of: target)
  }

  /// Where the bytes of a file being written go.
  public final class Sink {
    private let descriptor: Int32
    private let path: String
    private var pending = Data()
    /// Bytes appended so far.
    public private(set) var byteCount = 0

    init(descriptor: Int32, path: String) {
      self.descriptor = descriptor
      self.path = path
    }

    public func append(_ data: Data) throws {
      byteCount += data.count
      if pending.count + data.count <= 1 << 16 {
        pending.append(data)
        return
      }
      try flush()
      try data.withUnsafeBytes { try put($0) }
    }

    public func append(_ bytes: UnsafeRawBufferPointer) throws {
      byteCount += bytes.count
      try flush()
      try put(bytes)
    }

    func flush() throws {
      guard !pending.isEmpty else { return }
      try pending.withUnsafeBytes { try put($0) }
      pending.removeAll(keepingCapacity: true)
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws {
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
        let written = Foundation.write(descriptor, part.baseAddress, part.count)
        if written < 0 {
          if errno == EINTR { continue }
          throw FileError.from(code: errno, path: path, action: "write", byteCount: byteCount)
        }
        rest = rest.dropFirst(written)
      }
    }
  }

  // MARK: Steps

  /// The path with symbolic links followed at its end, so that a link keeps pointing to the file it points to.
  private static func resolved(_ path: String) throws -> String {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw FileError.notFound(path: path) }
    var current = path
    for _ in 0..<40 {
      guard let destination = try? FileManager.default.destinationOfSymbolicLink(atPath: current) else {
        return current
      }
      current = destination.hasPrefix("/") ? destination : folder(of: current) + "/" + destination
    }
    throw FileError.from(code: ELOOP, path: path, action: "follow symbolic links")
  }

  private static func check(_ target: String, named path: String, overwriting: Bool) throws {
    var status = stat()
    if stat(target, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFDIR: throw FileError.isDirectory(path: path)
      case S_IFREG: break
      default: throw FileError.notARegularFile(path: path)
      }
      guard overwriting else { throw FileError.alreadyExists(path: path) }
      // Renaming would replace a file its owner has made read-only; that is not what was meant.
      guard access(target, W_OK) == 0 else { throw FileError.notPermitted(path: path, action: "write") }
      return
    }
    if target.hasSuffix("/") { throw FileError.isDirectory(path: path) }
    let folder = folder(of: target)
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      if errno == EACCES { throw FileError.notPermitted(path: path, action: "enter its folder") }
      throw FileError.noSuchFolder(path: path, folder: folder)
    }
  }

  /// - Returns: the file, and its name if it has one.
  private static func makeTemporary(beside target: String, named path: String) throws -> (Int32, String?) {
    // O_TMPFILE, which Glibc's module does not have.
    let nameless = open(folder(of: target), 0o20000000 | O_DIRECTORY | O_WRONLY | O_CLOEXEC, 0o600)
    if nameless >= 0 {
      if access(place(of: nameless), F_OK) == 0 { return (nameless, nil) }
      close(nameless)
    }
    var template = Array((folder(of: target) + "/.lrp-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw FileError.from(code: errno, path: path, action: "write in its folder") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let temporary = template.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
    return (descriptor, temporary)
  }

  private static func place(of descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }

  /// Gives a file without a name the target's.
  private static func name(
    _ descriptor: Int32, as target: String, named path: String, overwriting: Bool
  ) throws {
    func link(as name: String) -> Bool {
      linkat(AT_FDCWD, place(of: descriptor), AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
    }
    if link(as: target) { return }
    if errno == EEXIST, !overwriting { throw FileError.alreadyExists(path: path) }
    // To the place of what is there leads only a rename, and that needs a name.
    while errno == EEXIST {
      let temporary = folder(of: target) + "/.lrp-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
      guard link(as: temporary) else { continue }
      do {
        return try move(temporary, to: target, named: path, overwriting: true)
      } catch {
        unlink(temporary)
        throw error
      }
    }
    throw FileError.from(code: errno, path: path, action: "create")
  }

  private static func move(_ temporary: String, to target: String, named path: String, overwriting: Bool) throws {
    if overwriting {
      guard rename(temporary, target) == 0 else { throw FileError.from(code: errno, path: path, action: "replace") }
      return
    }
    // `link` fails if the target has appeared meanwhile; some file systems have no hard links.
    if link(temporary, target) == 0 {
      unlink(temporary)
      return
    }
    if errno == EEXIST { throw FileError.alreadyExists(path: path) }
    guard access(target, F_OK) != 0 else { throw FileError.alreadyExists(path: path) }
    guard rename(temporary, target) == 0 else { throw FileError.from(code: errno, path: path, action: "create") }
  }

  private static func permissions(of target: String) -> mode_t {
    var status = stat()
    if stat(target, &status) == 0 { return status.st_mode & 0o7777 }
    return 0o666 & ~processMask
  }

  /// The process's file mode mask. Reading it means setting it, so it is read once.
  private static let processMask: mode_t = {
    let mask = umask(0o022)
    umask(mask)
    return mask
  }()

  private static func folder(of path: String) -> String {
    let folder = Folder.containing(path)
    return folder.isEmpty ? "." : folder
  }

  private static func syncFolder(of path: String) {
    let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}
