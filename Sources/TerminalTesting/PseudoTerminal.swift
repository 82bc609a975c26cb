import Foundation

/// A program in a pseudo-terminal of its own, and when it wrote what.
package final class PseudoTerminal {
  package enum Failure: Error, CustomStringConvertible {
    case system(String, code: Int32)
    case timeout(waitingFor: String, shown: String)

    package var description: String {
      switch self {
      case .system(let action, let code): "\(action): \(String(cString: strerror(code)))"
      case .timeout(let text, let shown): "“\(text)” did not appear; the last that was written: \(shown)"
      }
    }
  }

  private let master: Int32
  package let process: pid_t
  private var text = TerminalText()
  private var lastBytes: [UInt8] = []
  private var hasEnded = false
  package let started: ContinuousClock.Instant
  /// When something was written last.
  package private(set) var lastOutput: ContinuousClock.Instant

  /// Starts a program; time counts from here.
  package init(_ command: [String], width: Int, height: Int, environment: [String: String]) throws {
    // What posix_openpt, unlockpt and ptsname do, which Glibc's module does not have.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (lock, number): (Int32, Int32) = (0, 0)
    let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    guard master >= 0, ioctl(master, setLock, &lock) == 0, ioctl(master, getNumber, &number) == 0 else {
      throw Failure.system("opening a pseudo-terminal", code: errno)
    }
    let name = "/dev/pts/\(number)"
    var window = winsize()
    window.ws_col = UInt16(clamping: width)
    window.ws_row = UInt16(clamping: height)
    _ = ioctl(master, UInt(TIOCSWINSZ), &window)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A session of its own, so that the terminal it opens becomes its controlling one.
    let newSession: Int16 = 0x80
    posix_spawnattr_setflags(&attributes, newSession)
    var arguments = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    started = .now
    lastOutput = started
    var child: pid_t = 0
    let code = posix_spawn(&child, command[0], &actions, &attributes, &arguments, &variables)
    process = child
    guard code == 0 else { throw Failure.system("starting \(command[0])", code: code) }
  }

  deinit {
    if !hasEnded {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(master)
  }

  package func send(_ text: String) { send(bytes: Array(text.utf8)) }

  /// Sends bytes as they are; reads meanwhile, so that neither side waits for the other for ever. What a program does not
  /// take for a second is lost.
  package func send(bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      var readiness = pollfd(fd: master, events: Int16(POLLIN | POLLOUT), revents: 0)
      guard poll(&readiness, 1, 1000) > 0 else { return }
      if Int32(readiness.revents) & POLLIN != 0, read(atMost: 0) == nil { return }
      guard Int32(readiness.revents) & POLLOUT != 0 else { continue }
      let count = rest.withUnsafeBytes { write(master, $0.baseAddress, min($0.count, 256)) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Changes the size of the window, as dragging its corner does.
  package func resize(width: Int, height: Int) {
    var window = winsize()
    window.ws_col = UInt16(clamping: width)
    window.ws_row = UInt16(clamping: height)
    _ = ioctl(master, UInt(TIOCSWINSZ), &window)
  }

  /// Whether lines are edited and echoed, as a shell expects it.
  package var isCooked: Bool {
    var modes = termios()
    guard tcgetattr(master, &modes) == 0 else { return false }
    return modes.c_lflag & tcflag_t(ICANON) != 0 && modes.c_lflag & tcflag_t(ECHO) != 0
  }

  /// The last that was written, with all that moves and colours.
  package var rawTail: String { String(decoding: lastBytes, as: UTF8.self) }

  /// Reads until the program has ended.
  /// - Returns: its exit status, `nil` if it was ended by a signal or has not ended in time.
  package func waitForExit(atMost limit: Duration = .seconds(30)) -> Int? {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      let isClosed = read(atMost: 50) == nil
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG) == process {
        hasEnded = true
        while let count = read(atMost: 0), count > 0 {}
        return status & 0x7F == 0 ? Int(status >> 8 & 0xFF) : nil
      }
      if isClosed { usleep(10_000) }
    }
    return nil
  }

  /// Forgets what has been written until now.
  package func clear() { text.clear() }

  package func shows(_ needle: String) -> Bool { text.contains(needle) }

  /// Reads until a text was written since ``clear()``.
  /// - Returns: when the piece was read that completes it.
  @discardableResult
  package func wait(for needle: String, atMost limit: Duration = .seconds(60)) throws -> ContinuousClock.Instant {
    let end = ContinuousClock.now + limit
    while !text.contains(needle) {
      guard ContinuousClock.now < end, read(atMost: 1000) != nil else {
        throw Failure.timeout(waitingFor: needle, shown: text.tail)
      }
    }
    return lastOutput
  }

  /// Reads until nothing comes for some milliseconds.
  /// - Returns: when the last piece was read.
  @discardableResult
  package func waitForQuiet(_ milliseconds: Int32) -> ContinuousClock.Instant {
    while let count = read(atMost: milliseconds), count > 0 {}
    return lastOutput
  }

  /// Reads until the program has ended.
  package func waitForEnd() -> ContinuousClock.Instant {
    while read(atMost: 10_000) ?? 0 > 0 {}
    return .now
  }

  /// - Returns: bytes read, 0 when the time is up, `nil` when the program has closed the terminal.
  private func read(atMost milliseconds: Int32) -> Int? {
    var readiness = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&readiness, 1, milliseconds) > 0 else { return 0 }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = Foundation.read(master, &bytes, bytes.count)
    guard count > 0 else { return nil }
    lastOutput = .now
    text.append(bytes.prefix(count))
    lastBytes = (lastBytes + bytes.prefix(count)).suffix(4096)
    return count
  }
}
