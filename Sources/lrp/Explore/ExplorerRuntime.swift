import CursesTerminal
import Explorer
import TerminalUI

/// The loop around the explorer: waits for the user, signals and background work, lets the state change, does what it
/// asks for and shows the result. The only thing that happens on the main thread besides drawing.
@MainActor
struct ExplorerRuntime {
  private let terminal: Terminal
  private let mailbox: Mailbox<ExplorerMessage>
  private let commands: CommandRunner
  private var state: ExplorerState
  private var isRunning = true

  /// - Throws: `TerminalError` if there is no terminal that can be used; nothing has been changed then.
  init(launch: LaunchOptions, sources: LaunchSources, color: ColorPreference, mouse: Bool) throws {
    terminal = try Terminal(preference: color, mouse: mouse)
    mailbox = Mailbox()
    commands = CommandRunner(mailbox: mailbox, sources: sources)
    let size = terminal.size
    state = ExplorerState(
      width: size.width, height: size.height, capabilities: terminal.capabilities, launch: launch)
  }

  /// Runs until the user leaves; the terminal is as before when this returns.
  mutating func run() {
    defer { terminal.close() }
    perform(state.start())
    commands.reportRecovered()
    while isRunning {
      terminal.present(state.view())
      let (events, messages) = terminal.wait(for: mailbox)
      for message in messages { perform(state.update(.message(message))) }
      for event in events where isRunning { perform(state.update(.terminal(event))) }
    }
    commands.stop()
  }

  private mutating func perform(_ list: [ExplorerCommand]) {
    for command in list {
      switch command {
      case .quit: isRunning = false
      case .redraw: terminal.redraw()
      case .beep: terminal.ring()
      default: commands.perform(command)
      }
    }
  }
}
