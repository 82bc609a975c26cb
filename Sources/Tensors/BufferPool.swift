import Foundation
import Synchronization

#if os(Linux)
  import Glibc
#endif

/// Recycles the large buffers of activations, so that a pass does not pay for fresh pages at every layer.
///
/// Buffers are 64-byte aligned. At most ``limit`` bytes are kept while unused; the rest goes back to the system.
public final class BufferPool: Sendable {
  public static let shared = BufferPool()

  private struct Free: @unchecked Sendable {
    var buffers: [Int: [UnsafeMutableRawPointer]] = [:]
    var bytes = 0
  }
  private let free = Mutex(Free())
  /// Upper bound on idle memory, in bytes: the activations of eight pictures in VGG16.
  public let limit = 1 << 30
  /// Below this size `malloc` is as good.
  private static let smallest = 1 << 12

  /// Bytes of a large page on x86 and most others.
  private static let largePage = 1 << 21

  private static func rounded(_ count: Int) -> Int {
    let bytes = max(count * MemoryLayout<Float>.stride, 64)
    let unit = bytes < smallest ? 64 : 4096
    return (bytes + unit - 1) & ~(unit - 1)
  }

  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let bytes = Self.rounded(count)
    let recycled: UnsafeMutableRawPointer? = free.withLock { free in
      guard let buffer = free.buffers[bytes]?.popLast() else { return nil }
      free.bytes -= bytes
      return buffer
    }
    let raw = recycled ?? Self.allocate(bytes)
    return raw.bindMemory(to: Float.self, capacity: count)
  }

  /// Large buffers in large pages, where the system has them: fewer faults at first use, and fewer addresses to look up
  /// when parameters of hundreds of megabytes are read.
  private static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    guard bytes >= 2 * largePage else { return .allocate(byteCount: bytes, alignment: 64) }
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: largePage)
    #if os(Linux)
      madvise(raw, bytes, MADV_HUGEPAGE)  // advice: nothing is wrong where it is not taken
    #endif
    return raw
  }

  func give(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    let bytes = Self.rounded(count)
    let raw = UnsafeMutableRawPointer(pointer)
    let kept =
      bytes >= Self.smallest
      && free.withLock { free in
        guard free.bytes + bytes <= limit else { return false }
        free.buffers[bytes, default: []].append(raw)
        free.bytes += bytes
        return true
      }
    if !kept { raw.deallocate() }
  }

  /// Returns all idle memory to the system.
  public func drain() {
    let buffers = free.withLock { free in
      defer { free = Free() }
      return free.buffers.values.flatMap { $0 }
    }
    for buffer in buffers { buffer.deallocate() }
  }
}
