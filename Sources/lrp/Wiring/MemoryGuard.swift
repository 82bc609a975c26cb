import Foundation
import Tensors

/// What the program does about a limit to its memory (`ulimit -v`, `ulimit -d`).
///
/// Whoever takes much memory asks first and throws (`MemoryRoom`). Below that, in Swift's runtime, in C++ libraries and
/// where stacks grow, an allocation that fails ends a program by a signal. Here such signals become a sentence and exit
/// status 1, if memory is indeed used up; others go the way they would have gone.
enum MemoryGuard {
  /// To be called first thing. Does nothing without a limit.
  static func prepare() {
    guard let room = MemoryRoom.ofProcess else { return }
    // Of each thread's heap, glibc reserves the addresses: 64 MB.
    if let choose = dlsym(nil, "mallopt") {
      _ = unsafeBitCast(choose, to: (@convention(c) (Int32, Int32) -> Int32).self)(-8, 1)  // M_ARENA_MAX
    }
    limitThreads(room)
    arm(room)
  }

  /// OpenMP ends the program where it cannot start a thread, so no more are asked for than stacks fit into a quarter of
  /// what is left.
  private static func limitThreads(_ room: MemoryRoom) {
    var stack = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &stack)
    let stackSize = stack.rlim_cur < 1 << 30 ? max(1 << 20, Int(stack.rlim_cur)) : 8 << 20
    let most = max(1, room.left / 4 / stackSize)
    if most < ProcessInfo.processInfo.activeProcessorCount { ThreadCount.apply(most) }
  }

  private static func arm(_ room: MemoryRoom) {
    let message =
      "Error: not enough memory: the \(room.allowed / 1_000_000) MB that \(room.source) allows are used up; a smaller"
      + " batch (--batch-size) or picture, another attributor or a higher limit helps\n"
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: message.utf8.count)
    _ = bytes.initialize(from: message.utf8)
    let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    actions.initialize(repeating: sigaction(), count: 65)
    // Made before it is needed in a handler, which must not initialise anything.
    _ = MemoryRoom.hasFailed
    exhaustion = Exhaustion(message: UnsafeBufferPointer(bytes), previous: actions)
    var action = sigaction()
    action.__sigaction_handler.sa_sigaction = handleSignal
    action.sa_flags = SA_SIGINFO | SA_ONSTACK
    for signal in [SIGABRT, SIGSEGV, SIGILL, SIGTRAP] { sigaction(signal, &action, actions + Int(signal)) }
  }
}

/// What the handler needs.
private struct Exhaustion {
  let message: UnsafeBufferPointer<UInt8>
  /// What was in force before, by signal number.
  let previous: UnsafeMutablePointer<sigaction>
}

nonisolated(unsafe) private var exhaustion: Exhaustion?

/// Where 64 MB, which a heap takes at a time, cannot be had, what has just failed has failed for want of memory.
private func handleSignal(
  _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>?, _ context: UnsafeMutableRawPointer?
) {
  guard let exhaustion else { return }
  let probe = mmap(nil, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
  if MemoryRoom.hasFailed || probe == MAP_FAILED {
    _ = write(STDERR_FILENO, exhaustion.message.baseAddress, exhaustion.message.count)
    _exit(1)
  }
  munmap(probe, 64 << 20)
  sigaction(signal, exhaustion.previous + Int(signal), nil)
  // A fault happens again when the handler returns; a signal that was sent does not.
  if let info, info.pointee.si_code <= 0 { raise(signal) }
}
