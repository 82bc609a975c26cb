import Foundation

/// A program running in a terminal of its own, for tests: a detached tmux with a private socket.
///
/// Nothing of the user's tmux is touched, and the server ends with the session object. Wait for conditions
/// (``waitUntil(_:timeout:_:)``); never sleep.
package final class TmuxSession {
  /// Why a step in a terminal test failed, with what the screen showed.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private let socket = "lrp-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  private let folder: String
  private let serverEnvironment: [String: String]
  private static let target = "test"

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - command: the path of the program and its arguments; no shell is involved.
  ///   - environment: variables on top of those of this process. Variables that would influence colours or the
  ///     locale are removed before; `nil` removes one that tmux itself sets (`TMUX`, `TMUX_PANE`, `TERM_PROGRAM`).
  package init(
    command: [String], width: Int = 100, height: Int = 30, environment: [String: String?] = [:],
    directory: String? = nil
  ) throws {
    folder = NSTemporaryDirectory() + "lrp-tmux-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var base = ProcessInfo.processInfo.environment
    for name in TmuxSession.removedVariables { base[name] = nil }
    base["LC_ALL"] = "C.UTF-8"
    base["TMUX_TMPDIR"] = folder
    serverEnvironment = base
    var program = ["env"]
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) where value == nil { program += ["-u", name] }
    for case (let name, let value?) in environment.sorted(by: { $0.key < $1.key }) {
      program.append("\(name)=\(value)")
    }
    program += command
    var start = ["start-server", ";", "set-option", "-g", "default-terminal", "tmux-256color", ";"]
    start += ["set-option", "-g", "remain-on-exit", "on", ";"]
    start += ["new-session", "-d", "-s", TmuxSession.target, "-x", "\(width)", "-y", "\(height)"]
    if let directory { start += ["-c", directory] }
    try tmux(start + ["--"] + program)
  }

  deinit {
    _ = try? tmux(["kill-server"])
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static let removedVariables = [
    "TMUX", "TMUX_PANE", "COLORTERM", "NO_COLOR", "LRP_COLORS", "TERM_PROGRAM", "VTE_VERSION", "WT_SESSION",
    "KONSOLE_VERSION", "STY", "LANG", "LC_CTYPE", "LINES", "COLUMNS",
  ]

  /// Whether tmux is installed. Says so loudly if not, because the tests that ask are skipped then.
  package static let isAvailable: Bool = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let isInstalled = folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/tmux") }
    if !isInstalled {
      FileHandle.standardError.write(
        Data("\n*** tmux is not installed: ALL TERMINAL TESTS ARE SKIPPED. Install it: apt install tmux ***\n\n".utf8))
    }
    return isInstalled
  }()

  /// The path of an executable of this package, next to the running tests.
  package static func builtProduct(_ name: String) throws -> String {
    let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let path = folder.appendingPathComponent(name).path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Failure(description: "\(path) is not built; the test target must depend on \(name)")
    }
    return path
  }

  // MARK: Input

  /// Presses keys by their tmux names (`Down`, `C-r`, `F1`, `q`), one after the other.
  ///
  /// Esc and a key in one call arrive as an Alt combination; use two calls and wait in between.
  package func sendKeys(_ keys: String...) throws {
    try tmux(["send-keys", "-t", TmuxSession.target] + keys)
  }

  /// Types text as it is.
  package func type(_ text: String) throws {
    try tmux(["send-keys", "-t", TmuxSession.target, "-l", "--", text])
  }

  /// Sends bytes as hexadecimal numbers: `"1b 5b 41"`.
  package func sendHex(_ bytes: String) throws {
    try tmux(["send-keys", "-t", TmuxSession.target, "-H"] + bytes.split(separator: " ").map(String.init))
  }

  /// Sends a mouse report in the SGR format: button 0 left, 2 right, 64 wheel up, 65 wheel down, +32 while moving.
  package func mouse(button: Int, x: Int, y: Int, isRelease: Bool = false) throws {
    let report = "\u{1B}[<\(button);\(x + 1);\(y + 1)\(isRelease ? "m" : "M")"
    try sendHex(report.utf8.map { String($0, radix: 16) }.joined(separator: " "))
  }

  /// Presses and releases the left button.
  package func click(x: Int, y: Int) throws {
    try mouse(button: 0, x: x, y: y)
    try mouse(button: 0, x: x, y: y, isRelease: true)
  }

  /// Pastes text as a terminal with bracketed paste does.
  package func paste(_ text: String) throws {
    let bytes = "\u{1B}[200~\(text)\u{1B}[201~".utf8
    try sendHex(bytes.map { String($0, radix: 16) }.joined(separator: " "))
  }

  package func resize(width: Int, height: Int) throws {
    try tmux(["resize-window", "-t", TmuxSession.target, "-x", "\(width)", "-y", "\(height)"])
  }

  // MARK: Observation

  /// The screen now, with exact colours.
  package func capture() throws -> CapturedScreen {
    CapturedScreen(parsing: try tmux(["capture-pane", "-e", "-p", "-N", "-t", TmuxSession.target]))
  }

  /// The text of the screen and of what has been scrolled off it.
  package func history() throws -> String {
    try tmux(["capture-pane", "-p", "-S", "-", "-t", TmuxSession.target])
  }

  /// The value of a tmux format: `#{alternate_on}`.
  package func value(of format: String) throws -> String {
    try tmux(["display-message", "-p", "-t", TmuxSession.target, format]).trimmingCharacters(in: .newlines)
  }

  /// The process number of the program.
  package func processNumber() throws -> Int32? { Int32(try value(of: "#{pane_pid}")) }

  /// How the program ended: its exit status, or 128 plus the number of the signal; `nil` while it runs.
  package func exitStatus() throws -> Int? {
    let state = try value(of: "#{pane_dead_status}|#{pane_dead_signal}|#{pane_pid}")
    let parts = state.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { return nil }
    if let status = Int(parts[0]) { return status }
    if parts[1].isEmpty { return TmuxSession.statusOfZombie(parts[2]) }
    let signal = parts[1].uppercased().replacingOccurrences(of: "SIG", with: "")
    return 128 + (Int(signal) ?? TmuxSession.signalNumbers[signal] ?? 0)
  }

  /// tmux sometimes misses the end of its child; then the system still keeps the status (proc(5), fields 3 and 52).
  private static func statusOfZombie(_ process: String) -> Int? {
    guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return nil }
    let fields = line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ").dropFirst()
    guard fields.first == "Z", let code = fields.last.flatMap({ Int($0.filter(\.isNumber)) }) else { return nil }
    return code & 0x7F == 0 ? code >> 8 : 128 + code & 0x7F
  }

  private static let signalNumbers: [String: Int] = [
    "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "SEGV": 11,
    "PIPE": 13, "TERM": 15,
  ]

  /// Looks at the screen again and again until a condition holds.
  ///
  /// - Parameters:
  ///   - what: what is waited for, for the message of the failure.
  /// - Returns: the screen for which the condition held.
  @discardableResult
  package func waitUntil(
    _ what: String, timeout: Duration = .seconds(30), _ condition: (CapturedScreen) throws -> Bool
  ) throws -> CapturedScreen {
    let clock = ContinuousClock()
    let end = clock.now + timeout
    while true {
      let screen = try capture()
      if try condition(screen) { return screen }
      guard clock.now < end else {
        throw Failure(description: "waited \(timeout) in vain until \(what); the screen shows:\n\(screen.text)")
      }
      usleep(15_000)
    }
  }

  /// Waits until a text is on the screen.
  @discardableResult
  package func waitFor(_ text: String, timeout: Duration = .seconds(30)) throws -> CapturedScreen {
    try waitUntil("\"\(text)\" appears", timeout: timeout) { $0.contains(text) }
  }

  /// Waits until the program has ended, and returns its exit status.
  package func waitForExit(timeout: Duration = .seconds(30)) throws -> Int {
    var status: Int?
    try waitUntil("the program ends", timeout: timeout) { _ in
      status = try exitStatus()
      return status != nil
    }
    return status ?? -1
  }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    let command = ["tmux", "-u", "-L", socket, "-f", "/dev/null"] + arguments
    let result = try ChildProcess(command, environment: serverEnvironment)
    guard result.status == 0 else {
      throw Failure(description: "tmux \(arguments.prefix(3).joined(separator: " ")): \(result.output)")
    }
    return result.output
  }
}
