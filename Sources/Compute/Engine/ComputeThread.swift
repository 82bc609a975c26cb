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
  private let isToGiveWay = Atomic(false)

  private init() {
    let thread = Thread { self.run() }
    thread.name = "attribution"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// From the next request on.
  func giveWay() { isToGiveWay.store(true, ordering: .relaxed) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    waiting.signal()
  }

  private func run() {
    var givesWay = false
    while true {
      waiting.wait()
      if !givesWay, isToGiveWay.load(ordering: .relaxed) {
        givesWay = true
        // Of this thread alone: to Linux, each is a process in this respect.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
      }
      let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      job?.runSynchronously(on: asUnownedSerialExecutor())
    }
  }
}
