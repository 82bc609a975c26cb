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
    while true {
      waiting.wait()
      let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      job?.runSynchronously(on: asUnownedSerialExecutor())
    }
  }
}
