import CNcurses
import Glibc
import TerminalUI

/// The terminal as a whole: it shows buffers of cells and tells what the user does.
///
/// There is at most one open terminal in a process, because ncurses works on global state. Everything that writes to
/// the screen must go through it; standard error is kept back until ``close()``.
@MainActor
public final class Terminal {
  /// What can be shown here.
  public let capabilities: DisplayCapabilities
  /// How many colours were asked for, and why; ``capabilities`` has what ncurses then granted.
  public let colorDecision: ColorDecision

  private let signals: SignalPipe
  private let errorOutput: StandardErrorCapture
  private let screen: OpaquePointer
  private let writer: ScreenWriter
  private let input: InputReader
  /// What switches the terminal's modes on.
  private let modes: String
  private var isOpen = true

  /// Takes over the terminal on standard input and output.
  ///
  /// - Parameters:
  ///   - preference: the option `--color`.
  ///   - mouse: whether the mouse is reported; if not, it is left to the terminal.
  ///   - environment: the environment variables; by default those of the process.
  /// - Throws: ``TerminalError`` if there is no terminal that can be used; nothing has been changed then.
  public init(
    preference: ColorPreference = .auto, mouse: Bool = true,
    environment: [String: String] = Terminal.processEnvironment()
  ) throws(TerminalError) {
    let entry = try Terminal.findEntry(environment)
    modes = TerminalModes.enable(mouse: mouse)
    let glyphs = LocaleDecision.apply(environment: environment)
    colorDecision = ColorDecision(preference: preference, environment: environment, facts: entry.facts)

    errorOutput = StandardErrorCapture()
    CrashGuard.arm(errorOutput: errorOutput)
    signals = SignalPipe()
    use_env(false)  // exported LINES and COLUMNS may be outdated…
    use_tioctl(true)  // …the terminal driver knows
    guard let started = Terminal.start(entry, mode: colorDecision.mode) else {
      signals.close()
      CrashGuard.disarm()
      errorOutput.close()
      throw .initializationFailed(name: entry.name)
    }
    screen = started.screen
    let mode = Terminal.startColors(wanted: started.mode)
    capabilities = DisplayCapabilities(colorMode: mode, glyphs: glyphs)
    let pairs = ColorPairs(mode: mode, colors: lrp_colors(), limit: lrp_color_pairs())
    writer = ScreenWriter(capabilities: capabilities, pairs: pairs)
    Terminal.startInput()
    input = InputReader()
    Terminal.send(modes)
  }

  isolated deinit { close() }

  /// Gives the terminal back and shows what was written to standard error meanwhile. A second call does nothing.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    Terminal.send(TerminalModes.disable)
    endwin()
    CrashGuard.disarm()
    signals.close()
    delscreen(screen)
    errorOutput.close()
  }

  // MARK: Drawing

  /// Columns and rows of the screen.
  public var size: (width: Int, height: Int) {
    isOpen ? (Int(getmaxx(lrp_stdscr())), Int(getmaxy(lrp_stdscr()))) : (0, 0)
  }

  /// Shows a buffer; what exceeds the screen is cut, what is missing is blank. Only differences are sent.
  public func present(_ buffer: CellBuffer) {
    if isOpen { writer.write(buffer) }
  }

  /// Draws the next frame completely, for a screen that something else has written on.
  public func redraw() {
    guard isOpen else { return }
    clearok(lrp_curscr(), true)
    writer.invalidate()
  }

  /// Rings the bell.
  public func ring() {
    if isOpen { beep() }
  }

  // MARK: Events

  /// Waits for the user, a signal, or a message, and returns all that has come since the last time.
  ///
  /// Blocks the main thread: background work belongs into detached tasks, which post into the mailbox.
  ///
  /// - Parameter timeout: the longest wait; `nil` waits for ever.
  /// - Returns: empty lists when the time is up.
  public func wait<Message>(
    for mailbox: Mailbox<Message>, timeout: Duration? = nil
  ) -> (events: [Event], messages: [Message]) {
    guard isOpen else { return ([.terminate(.hangup)], mailbox.drain()) }
    let readiness = poll(mailboxDescriptor: mailbox.descriptor, timeout: timeout)
    var events = handleSignals()
    if readiness.isHungUp { events.append(.terminate(.hangup)) }
    if readiness.hasInput {
      events += input.readAll()
    } else if input.isCollecting, readiness.isTimeUp {
      events += input.abandonCollection()
    }
    events = events.flatMap { $0 == .key(.control("z")) ? suspend() : [$0] }
    return (events, mailbox.drain())
  }

  private struct Readiness {
    var hasInput = false
    var isHungUp = false
    var isTimeUp = false
  }

  private func poll(mailboxDescriptor: Int32, timeout: Duration?) -> Readiness {
    var milliseconds = timeout.map(\.milliseconds) ?? -1
    if input.isCollecting { milliseconds = milliseconds < 0 ? 500 : min(milliseconds, 500) }
    var descriptors = [STDIN_FILENO, signals.descriptor, mailboxDescriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let count = Glibc.poll(&descriptors, nfds_t(descriptors.count), milliseconds)
    var readiness = Readiness(isTimeUp: count == 0)
    let terminal = Int32(descriptors[0].revents)
    guard count > 0 else { return readiness }
    readiness.hasInput = terminal & POLLIN != 0
    readiness.isHungUp = terminal & (POLLHUP | POLLERR | POLLNVAL) != 0
    var pending: Int32 = 0
    if readiness.hasInput, lrp_pending_input(STDIN_FILENO, &pending) == 0, pending == 0 {
      // Readable, but there is nothing: the other side is gone.
      readiness.isHungUp = true
    }
    return readiness
  }

  private func handleSignals() -> [Event] {
    var events: [Event] = []
    let received = signals.drain()
    if received.contains(SIGTSTP) { events += suspend() }
    if received.contains(SIGCONT) { events += resume() }
    if received.contains(SIGWINCH) { events += resize() }
    for signal in received {
      switch signal {
      case SIGINT: events.append(.terminate(.interrupt))
      case SIGQUIT: events.append(.terminate(.quit))
      case SIGTERM: events.append(.terminate(.terminate))
      case SIGHUP: events.append(.terminate(.hangup))
      default: break
      }
    }
    return events
  }

  private func resize() -> [Event] {
    var window = winsize()
    guard lrp_window_size(STDOUT_FILENO, &window) == 0, window.ws_row > 0, window.ws_col > 0 else { return [] }
    if size != (Int(window.ws_col), Int(window.ws_row)) {
      Terminal.send(TerminalModes.wholeScreenScrolls)
      clearok(lrp_curscr(), true)  // the cursor is elsewhere now, and terminals move the lines that are there
    }
    resizeterm(Int32(window.ws_row), Int32(window.ws_col))
    writer.invalidate()
    return [.resize(width: size.width, height: size.height)]
  }

  // MARK: Suspending

  /// Leaves the screen, stops the process, and comes back when it is continued; Ctrl-Z does the same.
  /// - Returns: what happened meanwhile.
  public func suspend() -> [Event] {
    guard isOpen else { return [] }
    Terminal.send(TerminalModes.disable)
    endwin()
    signals.stopJob()
    _ = signals.drain()
    return resume()
  }

  /// Takes the screen again, after a stop that may have come without warning.
  private func resume() -> [Event] {
    if !isendwin() { endwin() }
    clearok(lrp_curscr(), true)
    writer.invalidate()
    let resized = resize()
    refresh()
    keypad(lrp_stdscr(), true)  // ncurses itself would do it only after the next key
    Terminal.send(modes)
    return [.resumed] + resized
  }
}

extension Duration {
  /// Whole milliseconds as `poll` takes them, rounded up; between 0 and some days.
  fileprivate var milliseconds: Int32 {
    let (seconds, attoseconds) = components
    let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(clamping: max(0, min(1_000_000, max(-1, seconds)) * 1000 + fraction))
  }
}
