import Foundation

/// A file's bytes, mapped read-only into memory and unmapped when the last reference goes.
///
/// Pages are read from the disk when they are first touched. Access is checked against the size the file had when it
/// was opened. Writers that replace files by renaming, as ``AtomicFile`` does, never disturb a mapping, and neither does
/// deleting the file. A file that is truncated or overwritten in place does not end the program: what is gone reads as
/// zeros, and ``checkUnchanged()`` tells.
public final class MappedFile: @unchecked Sendable {
  public let path: String
  /// All bytes of the file; valid while this object lives.
  public let bytes: UnsafeRawBufferPointer

  public var count: Int { bytes.count }

  private var descriptor: Int32 = -1
  private var number: Int?

  /// - Throws: ``FileError`` if the path names no readable regular file.
  public init(path: String) throws {
    self.path = path
    guard !path.isEmpty, !path.utf8.contains(0) else { throw FileError.notFound(path: path) }
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError.from(code: errno, path: path, action: "read") }
    var isKept = false
    defer { if !isKept { close(descriptor) } }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError.from(code: errno, path: path, action: "read") }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw FileError.isDirectory(path: path)
    default: throw FileError.notARegularFile(path: path)
    }
    let size = Int(status.st_size)
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw FileError.from(code: errno, path: path, action: "map") }
    bytes = UnsafeRawBufferPointer(start: address, count: size)
    MappedFileGuard.arm()
    number = MappedFileGuard.add(
      .init(path: path, descriptor: descriptor, size: size, modified: status.st_mtim),
      start: UInt(bitPattern: address))
    self.descriptor = descriptor
    isKept = true
  }

  deinit {
    if let number { MappedFileGuard.remove(number) }
    if descriptor >= 0 { close(descriptor) }
    if let address = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: address), bytes.count) }
  }

  /// `byteCount` bytes from `offset`; valid while this object lives.
  /// - Throws: ``FileError/outOfBounds(path:offset:byteCount:size:)``.
  public func slice(at offset: Int, byteCount: Int) throws -> UnsafeRawBufferPointer {
    guard offset >= 0, byteCount >= 0, offset <= count, byteCount <= count - offset else {
      throw FileError.outOfBounds(path: path, offset: offset, byteCount: byteCount, size: count)
    }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + byteCount])
  }

  /// Whether the file is still what was mapped: whoever copies its contents asks before the file is let go, and whoever
  /// computes with borrowed numbers when the result is there.
  /// - Throws: ``FileError/changed(path:size:newSize:)``.
  public func checkUnchanged() throws { if let number { try MappedFileGuard.check(number) } }

  /// Puts itself before handlers of SIGBUS that were installed since a file was mapped.
  public static func surviveTruncation() { MappedFileGuard.arm() }

  /// Tells the system that some of the bytes will hardly be read again: their pages leave the program's memory, not the
  /// system's cache, and come back if they are read all the same. Bytes outside the file are ignored.
  public func retire(_ part: UnsafeRawBufferPointer) {
    guard let start = part.baseAddress, let first = bytes.baseAddress, start >= first,
      start + part.count <= first + bytes.count
    else { return }
    // Whole pages only: the neighbours on the first and the last may still be wanted.
    let page = UInt(Self.pageSize)
    let from = (UInt(bitPattern: start) + page - 1) / page * page
    let to = UInt(bitPattern: start + part.count) / page * page
    if to > from, let address = UnsafeMutableRawPointer(bitPattern: from) {
      madvise(address, Int(to - from), MADV_DONTNEED)
    }
  }

  /// In bytes, a power of two: 4 KiB here, up to 64 KiB elsewhere.
  static let pageSize: Int = {
    let size = sysconf(Int32(_SC_PAGESIZE))
    return size > 0 ? size : 4096
  }()
}
