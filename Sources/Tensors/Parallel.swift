import Dispatch
import Foundation
import Synchronization

/// Splits `0..<count` over the cores and runs `body` on each piece; small work stays on the calling thread.
///
/// Pieces run on the OpenMP threads that oneDNN uses, where the process has them: those spin for a while after
/// each of its primitives and would otherwise compete with threads of our own.
/// - Parameters:
///   - grain: the least number of elements that is worth a thread.
///   - alignment: pieces start at multiples of it; by default, no two threads write one cache line.
@inlinable @inline(__always)
public func parallelFor(
  _ count: Int, grain: Int = Parallelism.grain, alignment: Int = 16, _ body: @Sendable (Range<Int>) -> Void
) {
  let pieces = min(Parallelism.threads, max(1, count / max(1, grain)))
  guard pieces > 1 else {
    if count > 0 { body(0..<count) }
    return
  }
  let step = ((count + pieces - 1) / pieces + alignment - 1) / alignment * alignment
  Parallelism.run(pieces) { piece in
    let start = min(piece * step, count)
    let end = min(start + step, count)
    if start < end { body(start..<end) }
  }
}

public enum Parallelism {
  /// How many elements are worth a thread that is awake, which it is for some time after its last work.
  @inlinable public static var grain: Int { 1 << grainBits }
  @usableFromInline static var grainBits: Int { 15 }
  /// The same for loops that compute an element from others: a thread that is awake is there within a microsecond, in
  /// which it could do some thousand. (Sums keep to ``grain``, so that they are made of the same parts.)
  @inlinable public static var fineGrain: Int { 1 << 13 }

  /// Threads for element-wise loops: `OMP_NUM_THREADS` if it is set, as for oneDNN, else one per core.
  public static let threads: Int = {
    if let text = ProcessInfo.processInfo.environment["OMP_NUM_THREADS"], let threads = Int(text), threads > 0 {
      return threads
    }
    return ProcessInfo.processInfo.activeProcessorCount
  }()

  /// Runs `body(0)`, …, `body(pieces - 1)`, each on a thread of its own where possible, and waits for all.
  public static func run(_ pieces: Int, _ body: @Sendable (Int) -> Void) {
    guard let openMP else {
      DispatchQueue.concurrentPerform(iterations: pieces, execute: body)
      return
    }
    withoutActuallyEscaping(body) { body in
      var team = Team(pieces: pieces, body: body)
      withUnsafeMutablePointer(to: &team) { team in
        openMP.parallel({ Parallelism.work(on: $0) }, UnsafeMutableRawPointer(team), UInt32(pieces), 0)
      }
    }
  }

  /// Says how idle threads wait from now on: ready for the next piece of work if the machine is ours, asleep if others
  /// want its cores. Called before each node of a pass; looks at the machine every ``lookingInterval``.
  ///
  /// Waiting for a thread that sleeps costs a third of the time of a small network; but on a busy machine threads that
  /// wait awake take the cores from those they wait for, which costs several times as much. `OMP_WAIT_POLICY`, which says
  /// the same, is read before `main` begins; where it is set it stays. GNU's runtime lets threads sleep soon when it
  /// manages more of them than there are cores, so on a busy machine a team that does nothing is kept beside the others.
  public static func adaptToLoad() {
    let isTime = nextLook.withLock { next in
      let now = DispatchTime.now().uptimeNanoseconds
      guard now >= next else { return false }
      next = now + lookingInterval
      return true
    }
    // Where memory is limited, a thread that cannot be started would be waited for.
    guard isTime, threads > 1, !isPolicyGiven, !MemoryRoom.isLimited else { return }
    adaptToLoad(isBusy: MachineLoad.runningElsewhere + threads > ProcessInfo.processInfo.activeProcessorCount)
  }

  package static func adaptToLoad(isBusy: Bool) {
    guard let openMP else { return }
    idleTeam.withLock { dismissal in
      guard isBusy != (dismissal != nil) else { return }
      if let known = dismissal {
        known.signal()  // its thread ends, and the team with it
        dismissal = nil
        return
      }
      let (isThere, isDismissed) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      let thread = Thread {
        openMP.parallel({ _ in }, nil, UInt32(ProcessInfo.processInfo.activeProcessorCount + 1), 0)
        isThere.signal()
        isDismissed.wait()
      }
      thread.stackSize = 1 << 16
      thread.start()
      isThere.wait()
      dismissal = isDismissed
    }
  }

  private static let isPolicyGiven = ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT"].contains {
    ProcessInfo.processInfo.environment[$0] != nil
  }
  /// Nanoseconds between two looks at the machine, which take some tens of microseconds.
  private static let lookingInterval: UInt64 = 50_000_000

  private static let nextLook = Mutex<UInt64>(0)
  /// Signalled to dismiss the team that is kept while the machine is busy.
  private static let idleTeam = Mutex<DispatchSemaphore?>(nil)

  private struct Team {
    let pieces: Int
    let body: @Sendable (Int) -> Void
  }

  /// The entry points of GNU's OpenMP runtime, which LLVM's and Intel's have as well.
  private struct OpenMP: Sendable {
    typealias Work = @convention(c) (UnsafeMutableRawPointer?) -> Void
    let parallel: @convention(c) (Work, UnsafeMutableRawPointer?, UInt32, UInt32) -> Void
    let thread: @convention(c) () -> Int32
    let threads: @convention(c) () -> Int32

    init?() {
      // ThreadSanitizer does not see how OpenMP's threads wait for one another; of Dispatch's it does.
      guard dlsym(nil, "__tsan_acquire") == nil else { return nil }
      guard let parallel = dlsym(nil, "GOMP_parallel"), let thread = dlsym(nil, "omp_get_thread_num"),
        let threads = dlsym(nil, "omp_get_num_threads")
      else { return nil }
      self.parallel = unsafeBitCast(
        parallel, to: (@convention(c) (Work, UnsafeMutableRawPointer?, UInt32, UInt32) -> Void).self)
      self.thread = unsafeBitCast(thread, to: (@convention(c) () -> Int32).self)
      self.threads = unsafeBitCast(threads, to: (@convention(c) () -> Int32).self)
    }
  }
  private static let openMP = OpenMP()

  /// The share of one thread of a team, which may be smaller than was asked for.
  private static func work(on context: UnsafeMutableRawPointer?) {
    guard let openMP, let team = context?.assumingMemoryBound(to: Team.self) else { return }
    let threads = max(1, Int(openMP.threads()))
    for piece in stride(from: Int(openMP.thread()), to: team.pointee.pieces, by: threads) { team.pointee.body(piece) }
  }
}
