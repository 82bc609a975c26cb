import Foundation
import Synchronization

/// What becomes of mapped files whose contents change under the mapping.
///
/// Touching a page that a file has lost by being truncated raises SIGBUS, which would end the program in the middle of
/// a session, because somebody writes a new checkpoint over the old one. Here such pages become zeros instead, and the
/// file is remembered as damaged, so that whoever used its numbers can find out (``MappedFile/checkUnchanged()``) and say so.
enum MappedFileGuard {
  /// What is known of a mapped file.
  struct Record: Sendable {
    let path: String
    let descriptor: Int32
    let size: Int
    let modified: timespec
  }

  private static let records = Mutex<[Int: Record]>([:])

  /// - Returns: the number of the file's range, `nil` if there are too many to watch them all.
  static func add(_ record: Record, start: UInt) -> Int? {
    records.withLock { records in
      let table = ranges
      guard let free = (0..<rangeLimit).first(where: { table[$0].start == 0 }) else { return nil }
      table[free] = MappedRange(start: 0, end: start + UInt(record.size), isDamaged: false)
      // Last: the handler takes a range for used when it has a start.
      table[free].start = start
      records[free] = record
      return free
    }
  }

  static func remove(_ number: Int) {
    records.withLock { records in
      ranges[number].start = 0
      records[number] = nil
    }
  }

  /// - Throws: `FileError.changed` if the file is not as it was when it was mapped.
  static func check(_ number: Int) throws {
    // Under the lock: until it is given back, nobody closes the file, nor gets its number.
    try records.withLock { records in
      guard let record = records[number] else { return }
      var status = stat()
      let isKnown = fstat(record.descriptor, &status) == 0
      let isSame =
        isKnown && Int(status.st_size) == record.size && status.st_mtim.tv_sec == record.modified.tv_sec
        && status.st_mtim.tv_nsec == record.modified.tv_nsec
      if ranges[number].isDamaged || !isSame {
        throw FileError.changed(
          path: record.path, size: record.size, newSize: isKnown ? Int(status.st_size) : record.size)
      }
    }
  }

  // MARK: The signal

  /// Takes SIGBUS over, before whatever handles it now.
  static func arm() {
    records.withLock { _ in
      var current = sigaction()
      sigaction(SIGBUS, nil, &current)
      if isArmed, current.sa_flags & SA_SIGINFO != 0, Self.isOwn(current) { return }
      _ = ranges
      previous = current
      var action = sigaction()
      action.__sigaction_handler.sa_sigaction = handleBusError
      action.sa_flags = SA_SIGINFO | SA_ONSTACK
      sigaction(SIGBUS, &action, nil)
      isArmed = true
    }
  }

  private static func isOwn(_ action: sigaction) -> Bool {
    typealias Handler = @convention(c) (Int32, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?) -> Void
    let own: Handler = handleBusError
    return unsafeBitCast(action.__sigaction_handler.sa_sigaction, to: UInt.self) == unsafeBitCast(own, to: UInt.self)
  }
}

/// A range of addresses that the handler may fill with zeros.
private struct MappedRange {
  /// 0 where the entry is free.
  var start: UInt
  var end: UInt
  var isDamaged: Bool
}

private let rangeLimit = 256

/// Made before the handler is installed, which must not initialise anything.
nonisolated(unsafe) private let ranges: UnsafeMutablePointer<MappedRange> = {
  let table = UnsafeMutablePointer<MappedRange>.allocate(capacity: rangeLimit)
  table.initialize(repeating: MappedRange(start: 0, end: 0, isDamaged: false), count: rangeLimit)
  pageSize = UInt(MappedFile.pageSize)
  handlerRanges = table
  return table
}()

nonisolated(unsafe) private var handlerRanges: UnsafeMutablePointer<MappedRange>?
nonisolated(unsafe) private var pageSize: UInt = 4096
nonisolated(unsafe) private var previous = sigaction()
nonisolated(unsafe) private var isArmed = false

private func handleBusError(
  _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>?, _ context: UnsafeMutableRawPointer?
) {
  if let info, info.pointee.si_code > 0, let table = handlerRanges {
    let address = UInt(bitPattern: info.pointee._sifields._sigfault.si_addr)
    for index in 0..<rangeLimit where table[index].start != 0 && table[index].start <= address {
      guard address < table[index].end else { continue }
      // Everything from here to the file's end at once: one fault for a file that is gone.
      let page = address & ~(pageSize - 1)
      let zeros = mmap(
        UnsafeMutableRawPointer(bitPattern: page), Int(table[index].end - page), PROT_READ,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
      if zeros != MAP_FAILED {
        table[index].isDamaged = true
        return
      }
    }
  }
  var next = previous
  if next.sa_flags & SA_SIGINFO != 0, let handler = next.__sigaction_handler.sa_sigaction {
    return handler(signal, info, context)
  }
  // By default the fault happens again, and ends the program.
  sigaction(signal, &next, nil)
  if let info, info.pointee.si_code <= 0 { raise(signal) }
}
