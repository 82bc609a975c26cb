import Foundation
import Synchronization

/// Control-C and requests to end: the running computation is asked to stop, so that no file is left half-written.
enum Interruption {
  /// What was sent; 0 as long as nothing was.
  private static let received = Atomic<Int32>(0)

  /// The exit status of a program that a signal has ended, as shells report it: 130 for control-C.
  private static func status(_ signal: Int32) -> Int32 { 128 + signal }

  /// Begins to listen. A second signal ends the program at once.
  static func listen() {
    _ = received.load(ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number) { number in
        if Interruption.received.exchange(number, ordering: .relaxed) != 0 { _exit(Interruption.status(number)) }
      }
      // Who was started with nohup goes on when the terminal is gone.
      if number == SIGHUP, isIgnoring(before) { signal(number, SIG_IGN) }
    }
    // Programs that are started from a thread which blocks signals inherit that.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  private static func isIgnoring(_ handler: sighandler_t?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// - Throws: `CancellationError` once the program is asked to end.
  static func check() throws {
    if received.load(ordering: .relaxed) != 0 { throw CancellationError() }
  }

  static func leave() -> Never {
    let signal = received.load(ordering: .relaxed)
    StandardError.write(signal == SIGTERM || signal == SIGHUP ? "ended by a signal" : "interrupted")
    exit(status(signal == 0 ? SIGINT : signal))
  }
}
