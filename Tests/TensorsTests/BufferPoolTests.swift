import Synchronization
import Tensors
import Testing

/// Idle buffers have an age; the time is passed in.
struct BufferPoolTests {
  /// A clock that is set by hand, in seconds.
  private final class Clock: Sendable {
    private let nanoseconds = Atomic<UInt64>(0)
    func set(_ seconds: Double) { nanoseconds.store(UInt64(seconds * 1e9), ordering: .relaxed) }
    var now: UInt64 { nanoseconds.load(ordering: .relaxed) }
  }

  private static let count = 1 << 16
  private static let bytes = 4 << 16

  @Test func buffersThatLieIdleForLongGoBack() {
    let clock = Clock()
    let pool = BufferPool { clock.now }
    let (first, second) = (pool.take(Self.count), pool.take(Self.count))
    clock.set(1)
    pool.give(first, Self.count)
    clock.set(3)
    pool.give(second, Self.count)
    #expect(pool.idleBytes == 2 * Self.bytes)
    clock.set(4.9)
    pool.releaseOld()
    #expect(pool.idleBytes == 2 * Self.bytes, "the older one has lain idle for 3.9 seconds")
    clock.set(5)
    pool.releaseOld()
    #expect(pool.idleBytes == Self.bytes)
    let again = pool.take(Self.count)
    #expect(again == second)
    pool.give(again, Self.count)
    clock.set(8.9)
    pool.releaseOld()
    #expect(pool.idleBytes == Self.bytes, "it was used at 5")
    clock.set(9)
    pool.releaseOld()
    #expect(pool.idleBytes == 0)
  }

  @Test func passesThatFollowOneAnotherFindTheirBuffers() {
    let clock = Clock()
    let pool = BufferPool { clock.now }
    let sizes = [Self.count, 2 * Self.count, 3 * Self.count]
    var known: Set<UnsafeMutablePointer<Float>> = []
    for pass in 0..<20 {
      clock.set(Double(pass))
      let buffers = sizes.map { pool.take($0) }
      if pass == 0 { known = Set(buffers) }
      #expect(Set(buffers) == known, "pass \(pass)")
      for (buffer, size) in zip(buffers, sizes) { pool.give(buffer, size) }
      pool.releaseOld()
    }
  }

  /// What is used again and again stays; what a single large computation left does not.
  @Test func surplusGoesWhileOthersAreUsed() {
    let clock = Clock()
    let pool = BufferPool { clock.now }
    let large = (0..<10).map { _ in pool.take(Self.count) }
    for buffer in large { pool.give(buffer, Self.count) }
    for second in 1...6 {
      clock.set(Double(second))
      let buffer = pool.take(Self.count)
      pool.give(buffer, Self.count)
      pool.releaseOld()
    }
    #expect(pool.idleBytes == Self.bytes)
  }

  @Test func idleMemoryIsLimited() {
    let pool = BufferPool(limit: 2 * Self.bytes) { 0 }
    let buffers = (0..<3).map { _ in pool.take(Self.count) }
    for buffer in buffers { pool.give(buffer, Self.count) }
    #expect(pool.idleBytes == 2 * Self.bytes)
    let large = pool.take(3 * Self.count)
    pool.give(large, 3 * Self.count)
    #expect(pool.idleBytes == 2 * Self.bytes, "more than may be kept at all")
    pool.drain()
    #expect(pool.idleBytes == 0)
  }

  /// A network of other sizes finds room, whatever the one before it left.
  @Test func theOldestMakeRoom() {
    let clock = Clock()
    let pool = BufferPool(limit: 3 * Self.bytes) { clock.now }
    let old = (0..<3).map { _ in pool.take(Self.count) }
    for buffer in old { pool.give(buffer, Self.count) }
    clock.set(1)
    let new = pool.take(2 * Self.count)
    pool.give(new, 2 * Self.count)
    #expect(pool.idleBytes == 3 * Self.bytes)
    #expect(pool.take(2 * Self.count) == new)
    #expect(pool.idleBytes == Self.bytes)
    pool.give(new, 2 * Self.count)
  }
}
