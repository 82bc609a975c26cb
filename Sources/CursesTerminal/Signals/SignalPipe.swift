import CNcurses
import Glibc

/// Turns signals into bytes in a pipe, so that the main loop meets them in its `poll`.
///
/// The handlers must be in place before `newterm`: ncurses installs its own where it finds the default ones.
@MainActor
final class SignalPipe {
  private static let signals = [SIGWINCH, SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGCONT]

  /// Readable while there are signals to be handled.
  let descriptor: Int32
  private let writeEnd: Int32
  private var oldActions: [Int32: sigaction] = [:]

  init() {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    descriptor = ends[0]
    writeEnd = ends[1]
    wakeDescriptor = writeEnd
    for signal in SignalPipe.signals {
      var old = sigaction()
      install(noteSignal, for: signal, old: &old)
      oldActions[signal] = old
    }
    unblockSignals()
  }

  /// Gives the signals back.
  func close() {
    for (signal, old) in oldActions {
      var action = old
      sigaction(signal, &action, nil)
    }
    oldActions = [:]
    wakeDescriptor = -1
    Glibc.close(descriptor)
    Glibc.close(writeEnd)
  }

  /// The signals that came since the last time, in order.
  func drain() -> [Int32] {
    var signals: [Int32] = []
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) == 1 { signals.append(Int32(byte)) }
    return signals
  }

  /// Stops the whole job (a wrapping `make` or shell included) until somebody continues it.
  ///
  /// SIGTSTP and not SIGSTOP: where no shell could continue the process, the system ignores it.
  func stopJob() {
    _ = drain()
    var old = sigaction()
    var byDefault = sigaction()
    sigaction(SIGTSTP, &byDefault, &old)
    kill(0, SIGTSTP)
    // The signal may take a moment to arrive; SIGCONT ends the wait, time does if nothing was stopped.
    var wake = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    poll(&wake, 1, 100)
    sigaction(SIGTSTP, &old, nil)
  }

  /// Whoever started this process may have blocked them.
  private func unblockSignals() {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in SignalPipe.signals { sigaddset(&set, signal) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private func install(_ handler: @escaping @convention(c) (Int32) -> Void, for signal: Int32, old: inout sigaction) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    sigaction(signal, &action, &old)
  }
}

nonisolated(unsafe) private var wakeDescriptor: Int32 = -1

private func noteSignal(_ signal: Int32) {
  let savedError = errno
  var byte = UInt8(truncatingIfNeeded: signal)
  _ = write(wakeDescriptor, &byte, 1)
  errno = savedError
}
