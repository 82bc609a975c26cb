import Foundation
import Synchronization

/// Runs the work of all sessions on one thread.
///
/// oneDNN's threads belong to the thread that calls it: a team for each, whose members stay awake for a while after
/// their last work. Sessions that moved from thread to thread would leave teams behind that keep one another's cores.
final class ComputeThread: SerialExecutor {
  static let shared = ComputeThread()

  private let jobs = Mutex<[UnownedJob]>([])
  private let waiting = DispatchSemaphore(value: 0)

  private init() {
    let thread = Thread { self.run() }
    thread.name = "attribution"
    thread.stackSize = 8 << 20
    thread.start()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    waiting.signal()
  }

  private func run() {
    var givesWay = false
    while true {
      waiting.wait()
      if !givesWay, AttributionSession.givesWay.load(ordering: .relaxed) {
        givesWay = true
        // Of this thread alone: to Linux, each is a process in this respect.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
      }
      let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      job?.runSynchronously(on: asUnownedSerialExecutor())
    }
  }
}

extension AttributionSession {
  fileprivate static let givesWay = Atomic(false)

  /// Lets the thread of all sessions, and with it the team that it starts, give way to the other threads of the program
  /// from the next request on: for programs with an interface, which is to answer while all cores compute. Where nothing
  /// else wants a core, that costs nothing.
  ///
  /// To be said before the first request: members of a team that has started keep their priority.
  public static func giveWayToOtherThreads() { givesWay.store(true, ordering: .relaxed) }
}
