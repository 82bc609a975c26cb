import Foundation
import Synchronization

#if os(Linux)
  import Glibc
#endif

/// How much memory the program may still take, where somebody has set a limit: `ulimit -v`, or a control group.
///
/// Linux grants what it cannot keep, so without a limit nothing is known and nothing is refused. With one, an allocation
/// fails (`ulimit`) or the program is killed (control groups), and neither can be made good: Swift's runtime ends the
/// program where `malloc` fails, and so do the C++ libraries. So whoever is about to take much asks first
/// (``check(_:for:)``), with a ``margin`` for what is not counted, and throws where there is not enough. What fails all
/// the same ends the program in an orderly way: ``outOfMemory()``.
public struct MemoryRoom: Sendable, Equatable {
  /// Who set the limit, in words: `ulimit -v`.
  public let source: String
  /// Bytes that the program may have in all.
  public let allowed: Int
  /// Bytes that it may still take.
  public let left: Int

  public init(source: String, allowed: Int, left: Int) {
    self.source = source
    self.allowed = allowed
    self.left = left
  }

  /// Bytes that are left for what nobody counts: small objects, stacks, code that oneDNN makes.
  public static let margin = 12 << 20

  /// What is left by the stricter of the process's own limits; `nil` without one. Takes some microseconds.
  public static var ofProcess: MemoryRoom? {
    guard !processLimits.isEmpty, let sizes = ProcessSizes() else { return nil }
    return processLimits.map { limit in
      MemoryRoom(
        source: limit.source, allowed: limit.bytes,
        left: limit.bytes - (limit.isOfData ? sizes.data : sizes.addresses))
    }.min { $0.left < $1.left }
  }

  /// What is left by the strictest limit of any kind; `nil` without one.
  public static var strictest: MemoryRoom? {
    let groups = ControlGroup.ofProcess.compactMap(\.room)
    return (groups + [ofProcess].compactMap { $0 }).min { $0.left < $1.left }
  }

  /// Whether a limit makes allocations fail.
  public static var isLimited: Bool { !processLimits.isEmpty }

  /// - Parameters:
  ///   - bytes: what is about to be taken, at least.
  ///   - what: who takes it, for the message.
  /// - Throws: ``MemoryError`` if the process's own limits do not allow it.
  public static func check(_ bytes: Double, for what: @autoclosure () -> String) throws(MemoryError) {
    guard let room = ofProcess else { return }
    guard bytes + Double(margin) <= Double(room.left) else {
      throw MemoryError(what: what(), needed: bytes + Double(margin), room: room)
    }
  }

  private struct Limit {
    let source: String
    let bytes: Int
    let isOfData: Bool
  }

  private static let processLimits: [Limit] = {
    #if os(Linux)
      [("ulimit -v", RLIMIT_AS, false), ("ulimit -d", RLIMIT_DATA, true)].compactMap { source, kind, isOfData in
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(kind.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else {
          return nil
        }
        return Limit(source: "'\(source)'", bytes: Int(limit.rlim_cur), isOfData: isOfData)
      }
    #else
      []
    #endif
  }()

  // MARK: The last resort

  /// Set once an allocation has failed, for whoever says how the program ended.
  public static var hasFailed: Bool { failed.load(ordering: .relaxed) }
  private static let failed = Atomic(false)

  /// An allocation has failed that could not be refused beforehand. Ends the program by SIGABRT, which a program may
  /// handle to say so.
  static func outOfMemory() -> Never {
    failed.store(true, ordering: .relaxed)
    abort()
  }
}

/// Something takes more memory than is allowed.
public struct MemoryError: Error, Equatable, CustomStringConvertible {
  /// Who needs it, as a subject: `the explanation`.
  public let what: String
  /// Bytes.
  public let needed: Double
  public let room: MemoryRoom

  public init(what: String, needed: Double, room: MemoryRoom) {
    self.what = what
    self.needed = needed
    self.room = room
  }

  public var description: String {
    func megabytes(_ bytes: Double) -> String { "\(Int((bytes / 1e6).rounded(.up))) MB" }
    return "\(what) needs about \(megabytes(needed)), but of the \(megabytes(Double(room.allowed))) that \(room.source)"
      + " allows \(megabytes(max(0, Double(room.left)))) are left; a smaller batch (--batch-size) or picture, another"
      + " attributor or a higher limit helps"
  }
}

/// What the process has taken, in bytes.
private struct ProcessSizes {
  /// Addresses in use, whatever is behind them.
  let addresses: Int
  /// Memory that the process may write to.
  let data: Int

  init?() {
    // size resident shared text lib data dt, in pages
    guard let text = MachineLoad.contents("/proc/self/statm") else { return nil }
    let fields = text.split(separator: UInt8(ascii: " ")).map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
    guard fields.count > 5 else { return nil }
    addresses = fields[0] * Self.pageSize
    data = fields[5] * Self.pageSize
  }

  private static let pageSize = max(1, Int(sysconf(Int32(_SC_PAGESIZE))))
}

/// A control group of Linux whose memory is limited: the process is in it, and in those around it.
package struct ControlGroup: Sendable, Equatable {
  package let folder: String
  /// Version 1 has other names for its files than version 2.
  package let isFirstVersion: Bool

  /// The groups of this process that have a limit, found once.
  static let ofProcess = all(root: "").filter { $0.limit != nil }

  /// The groups of this process, from its own outwards.
  /// - Parameter root: what comes before `/proc` and `/sys`, for tests.
  package static func all(root: String) -> [ControlGroup] {
    guard let text = MachineLoad.contents(root + "/proc/self/cgroup", limit: 1 << 16) else { return [] }
    var groups: [ControlGroup] = []
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      // 4:memory:/a/b in version 1, 0::/a/b in version 2
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isFirst = fields[1].split(separator: ",").contains("memory")
      guard isFirst || fields[0] == "0" else { continue }
      var parts = fields[2].split(separator: "/")
      while true {
        let path = parts.map { "/\($0)" }.joined()
        // Of a container, the group's own folder is the outermost that can be seen.
        groups.append(
          ControlGroup(folder: root + "/sys/fs/cgroup" + (isFirst ? "/memory" : "") + path, isFirstVersion: isFirst))
        if parts.isEmpty { break }
        parts.removeLast()
      }
    }
    return groups
  }

  /// Bytes; `nil` without a limit.
  package var limit: Int? {
    guard let limit = number(isFirstVersion ? "memory.limit_in_bytes" : "memory.max"), limit < 1 << 60 else {
      return nil
    }
    return limit
  }

  /// What the group may still take. Contents of files that have not been read for long make room when it is needed.
  package var room: MemoryRoom? {
    guard let limit, let used = number(isFirstVersion ? "memory.usage_in_bytes" : "memory.current") else { return nil }
    let key = isFirstVersion ? "total_inactive_file" : "inactive_file"
    let text = MachineLoad.contents(folder + "/memory.stat", limit: 1 << 16) ?? []
    let line = String(decoding: text, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(key + " ") }
    let idle = line.flatMap { Int($0.dropFirst(key.utf8.count + 1)) } ?? 0
    return MemoryRoom(source: "the control group", allowed: limit, left: limit - max(0, used - idle))
  }

  private func number(_ file: String) -> Int? {
    MachineLoad.contents("\(folder)/\(file)").flatMap {
      Int(String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
  }
}
