import CNcurses
import Glibc

/// Leaves a usable terminal behind when the process crashes.
///
/// The handler writes fixed bytes (no ncurses: it is not safe there), restores the line discipline, replays what was
/// written to standard error meanwhile, so that the message is readable, and hands the signal on. Only functions that
/// are allowed in signal handlers are called; all state is prepared beforehand.
@MainActor
enum CrashGuard {
  private static let crashes = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS]

  /// Takes over the crash signals; to be called before ncurses changes anything.
  static func arm(errorOutput: StandardErrorCapture) {
    let state = UnsafeMutablePointer<CrashState>.allocate(capacity: 1)
    state.initialize(to: CrashState(errorOutput: errorOutput))
    crashState = state
    useAlternateStack()
    var action = sigaction()
    action.__sigaction_handler.sa_sigaction = handleCrash
    action.sa_flags = SA_SIGINFO | SA_ONSTACK
    for signal in crashes { sigaction(signal, &action, state.pointee.oldActions + Int(signal)) }
    if !isExitHandlerInstalled {
      isExitHandlerInstalled = true
      atexit { restoreTerminal() }
    }
  }

  /// Gives the signals back. The prepared state stays allocated: a handler may be running on another thread.
  static func disarm() {
    guard let state = crashState else { return }
    for signal in crashes { sigaction(signal, state.pointee.oldActions + Int(signal), nil) }
    crashState = nil
  }

  private static var isExitHandlerInstalled = false
  private static var hasAlternateStack = false

  /// A stack of its own for the handler, so that even a stack overflow is reported.
  private static func useAlternateStack() {
    guard !hasAlternateStack else { return }
    hasAlternateStack = true
    let size = 64 * 1024
    var stack = stack_t()
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    stack.ss_size = size
    sigaltstack(&stack, nil)
  }
}

/// What the handler needs, prepared while all is well.
private struct CrashState {
  var terminalModes = termios()
  let resetBytes: UnsafeMutableBufferPointer<UInt8>
  let copyBuffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)
  let errorOutput: StandardErrorCapture
  /// What was in force before, by signal number.
  let oldActions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
  /// Whether the old actions get the signal. Usually they are Swift's backtracer, which stops at a prompt: only
  /// somebody who asked for backtraces expects that.
  let handsOn = getenv("SWIFT_BACKTRACE") != nil

  init(errorOutput: StandardErrorCapture) {
    self.errorOutput = errorOutput
    tcgetattr(STDIN_FILENO, &terminalModes)
    // Attributes off, mouse, paste and focus reports off, cursor visible, cursor keys and keypad normal, main screen.
    let sequence = TerminalModes.disable + "\u{1B}[0m\u{1B}[?25h\u{1B}[?1l\u{1B}>\u{1B}[?1049l"
    resetBytes = .allocate(capacity: sequence.utf8.count)
    _ = resetBytes.initialize(from: Array(sequence.utf8))
    oldActions.initialize(repeating: sigaction(), count: 65)
  }
}

nonisolated(unsafe) private var crashState: UnsafeMutablePointer<CrashState>?

/// Undoes what the interface did to the terminal; safe in a signal handler. Does nothing when there is no interface.
private func restoreTerminal() {
  guard let state = crashState else { return }
  _ = write(STDOUT_FILENO, state.pointee.resetBytes.baseAddress, state.pointee.resetBytes.count)
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &state.pointee.terminalModes)
  state.pointee.errorOutput.replay(through: state.pointee.copyBuffer)
}

private func handleCrash(_ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>?, _ context: UnsafeMutableRawPointer?)
{
  restoreTerminal()
  var byDefault = sigaction()
  if let state = crashState, state.pointee.handsOn {
    sigaction(signal, state.pointee.oldActions + Int(signal), nil)
  } else {
    sigaction(signal, &byDefault, nil)
  }
  // A fault happens again when the handler returns; a signal that was sent does not.
  if let info, info.pointee.si_code <= 0 { raise(signal) }
}
