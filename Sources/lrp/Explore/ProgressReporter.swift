import CursesTerminal
import Dispatch
import Explorer
import LRP
import Synchronization

/// Passes on how far an attribution is, not more often than a screen can show it.
final class ProgressReporter: Sendable {
  private let mailbox: Mailbox<ExplorerMessage>
  private let request: Int
  private let started = DispatchTime.now().uptimeNanoseconds
  private let lastReport = Mutex<UInt64>(0)
  private static let interval: UInt64 = 33_000_000

  init(mailbox: Mailbox<ExplorerMessage>, request: Int) {
    self.mailbox = mailbox
    self.request = request
  }

  func report(_ progress: AttributionSession.Progress) {
    let elapsed = DispatchTime.now().uptimeNanoseconds - started
    let isDue = lastReport.withLock { last in
      guard elapsed >= last + Self.interval else { return false }
      last = elapsed
      return true
    }
    guard isDue else { return }
    mailbox.post(
      .attributionProgress(request: request, AttributionProgress(progress, elapsed: Double(elapsed) / 1e9)))
  }
}
