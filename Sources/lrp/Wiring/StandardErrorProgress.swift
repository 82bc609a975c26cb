import TerminalUI

/// A bar on standard error, if that is a terminal and the work takes long enough to be waited for.
final class StandardErrorProgress {
  private let title: String
  private let isShown = StandardError.isTerminal
  private let began = ContinuousClock.now
  private var last: ContinuousClock.Instant?

  init(_ title: String) { self.title = title }

  /// - Parameters:
  ///   - share: what is done, 0…1.
  ///   - detail: what to say behind the bar.
  func show(_ share: Double, _ detail: () -> String = { "" }) {
    let now = ContinuousClock.now
    guard isShown, now - began > .milliseconds(500), last.map({ now - $0 > .milliseconds(50) }) ?? true else { return }
    last = now
    let percent = Int((100 * share).rounded(.down))
    let detail = detail()
    let text = detail.isEmpty ? "" : "  " + detail
    let bar = TerminalUI.Bar.text(share, width: 30)
    StandardError.put("\r\(title) \(bar) \(percent) %\(text)\u{1B}[K")
  }

  /// Removes the bar.
  func finish() {
    if last != nil { StandardError.put("\r\u{1B}[K") }
    last = nil
  }
}
