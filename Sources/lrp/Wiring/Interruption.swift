import Foundation
import Synchronization

/// Control-C: the running computation is asked to stop, so that no file is left half-written.
enum Interruption {
  /// The exit status of an interrupted program, as shells report it.
  static let status: Int32 = 130

  private static let isRequested = Atomic<Bool>(false)

  /// Begins to listen. A second signal ends the program at once.
  static func listen() {
    _ = isRequested.load(ordering: .relaxed)
    signal(SIGINT) { _ in
      if Interruption.isRequested.exchange(true, ordering: .relaxed) { _exit(Interruption.status) }
    }
    // Programs that are started from a thread which blocks signals inherit that.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// - Throws: `CancellationError` once the user has interrupted.
  static func check() throws {
    if isRequested.load(ordering: .relaxed) { throw CancellationError() }
  }

  static func leave() -> Never {
    StandardError.write("interrupted")
    exit(status)
  }
}
