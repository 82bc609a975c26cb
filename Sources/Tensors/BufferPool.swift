import Dispatch
import Foundation
import Synchronization

#if os(Linux)
  import Glibc
#endif

/// Recycles the large buffers of activations, so that a pass does not pay for fresh pages at every layer.
///
/// Buffers are 64-byte aligned. At most ``limit`` bytes are kept while unused; the oldest go back to the system, and so
/// does what lies idle for long after ``settle()``.
public final class BufferPool: Sendable {
  public static let shared = BufferPool()

  private struct Buffer: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    /// When it was given back.
    let idleSince: UInt64
  }
  private struct Free: Sendable {
    /// By size; those given back last stand, and are taken, at the end.
    var buffers: [Int: [Buffer]] = [:]
    var bytes = 0
    /// Whether somebody will look for old buffers.
    var isLookPlanned = false

    /// What was used last is what will be used next: the others make room.
    mutating func removeOldest(downTo limit: Int) -> [Buffer] {
      var gone: [Buffer] = []
      while bytes > limit {
        let oldest = buffers.min { ($0.value.first?.idleSince ?? .max) < ($1.value.first?.idleSince ?? .max) }
        guard let size = oldest?.key, let buffer = buffers[size]?.first else { break }
        buffers[size]?.removeFirst()
        if buffers[size]?.isEmpty == true { buffers[size] = nil }
        bytes -= size
        gone.append(buffer)
      }
      return gone
    }
  }
  private let kept = Mutex(Free())
  /// Upper bound on idle memory, in bytes: the activations of eight pictures in VGG16.
  public let limit: Int
  /// Nanoseconds, on the clock of ``DispatchTime``.
  private let clock: @Sendable () -> UInt64

  /// After so many nanoseconds without use, ``settle()`` gives a buffer back.
  package static let longestIdle: UInt64 = 4_000_000_000
  /// Below this size `malloc` is as good.
  private static let smallest = 1 << 12
  /// Bytes of a large page on x86 and most others.
  private static let largePage = 1 << 21

  /// GNU's `malloc_trim`, where it is: what is freed would otherwise stay unless it is at the end of the heap.
  private static let trim: (@convention(c) (Int) -> Int32)? = dlsym(nil, "malloc_trim").map {
    unsafeBitCast($0, to: (@convention(c) (Int) -> Int32).self)
  }

  package init(limit: Int = 1 << 30, clock: @escaping @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds })
  {
    self.limit = limit
    self.clock = clock
  }

  deinit { drain() }

  /// Bytes that are kept and not in use.
  public var idleBytes: Int { kept.withLock { $0.bytes } }

  private static func rounded(_ count: Int) -> Int {
    let bytes = max(count * MemoryLayout<Float>.stride, 64)
    let unit = bytes < smallest ? 64 : 4096
    return (bytes + unit - 1) & ~(unit - 1)
  }

  package func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let bytes = Self.rounded(count)
    let recycled: Buffer? = kept.withLock { free in
      guard let buffer = free.buffers[bytes]?.popLast() else { return nil }
      free.bytes -= bytes
      return buffer
    }
    return (recycled?.address ?? allocated(bytes)).bindMemory(to: Float.self, capacity: count)
  }

  private func allocated(_ bytes: Int) -> UnsafeMutableRawPointer {
    if let raw = Self.allocate(bytes) { return raw }
    // What lies idle here may be just what is lacking.
    drain()
    guard let raw = Self.allocate(bytes) else { MemoryRoom.outOfMemory() }
    return raw
  }

  /// Large buffers in large pages, where the system has them: fewer faults at first use, and fewer addresses to look up
  /// when parameters of hundreds of megabytes are read.
  /// - Returns: `nil` where there is no memory.
  private static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let isLarge = bytes >= 2 * largePage
    var raw: UnsafeMutableRawPointer?
    // Swift's own `allocate` would end the program. In large pages more is taken than is asked for.
    let status = posix_memalign(&raw, isLarge && !MemoryRoom.isLimited ? largePage : 64, bytes)
    guard status == 0, let raw else { return nil }
    #if os(Linux)
      if isLarge { madvise(raw, bytes, MADV_HUGEPAGE) }  // advice: nothing is wrong where it is not taken
    #endif
    return raw
  }

  package func give(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    let bytes = Self.rounded(count)
    let buffer = Buffer(address: pointer, idleSince: clock())
    guard bytes >= Self.smallest, bytes <= limit else { return free(buffer.address) }
    let surplus = kept.withLock { free in
      free.buffers[bytes, default: []].append(buffer)
      free.bytes += bytes
      return free.removeOldest(downTo: limit)
    }
    for buffer in surplus { free(buffer.address) }
  }

  /// Returns all idle memory to the system.
  public func drain() { release { _ in true } }

  /// Returns what has lain idle for ``longestIdle``. Passes that follow one another find their buffers again.
  package func releaseOld() {
    let now = clock()
    release { $0.idleSince + Self.longestIdle <= now }
  }

  /// Said at the end of a pass: old buffers go back to the system within ``longestIdle``, and all of them once the pool has
  /// not been used for as long, so that a program that waits for its user does not hold the memory of its largest computation.
  public func settle() {
    let isFirst = kept.withLock { free in
      defer { free.isLookPlanned = true }
      return !free.isLookPlanned
    }
    // A look that is planned already comes soon enough.
    guard isFirst else { return }
    releaseOld()
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + .nanoseconds(Int(Self.longestIdle))) {
      self.kept.withLock { $0.isLookPlanned = false }
      self.releaseOld()
      if self.idleBytes > 0 { self.settle() }
    }
  }

  private func release(_ isToGo: (Buffer) -> Bool) {
    let buffers = kept.withLock { free in
      var gone: [Buffer] = []
      for (bytes, known) in free.buffers {
        let (old, kept) = (known.filter(isToGo), known.filter { !isToGo($0) })
        guard !old.isEmpty else { continue }
        free.buffers[bytes] = kept.isEmpty ? nil : kept
        free.bytes -= bytes * old.count
        gone += old
      }
      return gone
    }
    guard !buffers.isEmpty else { return }
    for buffer in buffers { free(buffer.address) }
    _ = Self.trim?(0)
  }
}
