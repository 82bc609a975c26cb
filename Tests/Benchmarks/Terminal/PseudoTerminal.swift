import Foundation

/// A program in a pseudo-terminal of its own, and when it wrote what.
final class PseudoTerminal {
  enum Failure: Error, CustomStringConvertible {
    case system(String, code: Int32)
    case timeout(waitingFor: String, shown: String)

    var description: String {
      switch self {
      case .system(let action, let code): "\(action): \(String(cString: strerror(code)))"
      case .timeout(let text, let shown): "“\(text)” did not appear; the last that was written: \(shown)"
      }
    }
  }

  private let master: Int32
  private let process: pid_t
  private var text = TerminalText()
  let started: ContinuousClock.Instant
  /// When something was written last.
  private(set) var lastOutput: ContinuousClock.Instant

  /// Starts a program; time counts from here.
  init(_ command: [String], width: Int, height: Int, environment: [String: String]) throws {
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
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
    close(master)
  }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  /// Forgets what has been written until now.
  func clear() { text.clear() }

  func shows(_ needle: String) -> Bool { text.contains(needle) }

  /// Reads until a text was written since ``clear()``.
  /// - Returns: when the piece was read that completes it.
  @discardableResult
  func wait(for needle: String, atMost limit: Duration = .seconds(60)) throws -> ContinuousClock.Instant {
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
  func waitForQuiet(_ milliseconds: Int32) -> ContinuousClock.Instant {
    while let count = read(atMost: milliseconds), count > 0 {}
    return lastOutput
  }

  /// Reads until the program has ended.
  func waitForEnd() -> ContinuousClock.Instant {
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
    return count
  }
}

/// The characters a program writes, without what moves and colours them.
struct TerminalText {
  private enum State { case text, escape, sequence, string, skip }
  private var state = State.text
  private var bytes: [UInt8] = []

  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  func contains(_ needle: String) -> Bool { String(decoding: bytes, as: UTF8.self).contains(needle) }

  var tail: String { String(String(decoding: bytes, as: UTF8.self).suffix(300)) }

  mutating func append(_ new: some Sequence<UInt8>) {
    for byte in new {
      switch (state, byte) {
      case (.text, 0x1B): state = .escape
      case (.text, 0x20...): bytes.append(byte)
      case (.text, _): break
      case (.escape, UInt8(ascii: "[")): state = .sequence
      case (.escape, UInt8(ascii: "]")), (.escape, UInt8(ascii: "P")): state = .string
      case (.escape, UInt8(ascii: "(")), (.escape, UInt8(ascii: ")")): state = .skip
      case (.escape, _), (.skip, _): state = .text
      case (.sequence, 0x40...0x7E): state = .text
      case (.sequence, _): break
      case (.string, 0x07): state = .text
      case (.string, 0x1B): state = .escape
      case (.string, _): break
      }
    }
  }
}
