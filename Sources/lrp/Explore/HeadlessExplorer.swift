import CursesTerminal
import Explorer

/// The explorer without a terminal: plays scripts on its state, and waits for background work.
@MainActor
final class HeadlessExplorer {
  let mailbox = Mailbox<ExplorerMessage>()
  let commands: CommandRunner
  var state: ExplorerState

  init(_ options: LaunchOptions, sources: LaunchSources, width: Int, height: Int) {
    commands = CommandRunner(mailbox: mailbox, sources: sources)
    state = ExplorerState(width: width, height: height, launch: options)
  }

  /// Plays to the script's end.
  /// - Parameter perform: gets what the explorer asks for.
  /// - Throws: ``ScriptError`` if the script does not fit, `CancellationError` at Ctrl-C, and what `perform` throws.
  func play(_ player: inout ScriptPlayer, perform: ([ExplorerCommand]) throws -> Void) throws {
    while true {
      switch try player.advance(&state) {
      case .did(let list): try perform(list)
      case .waits: try wait(for: &player)
      case .says: break
      case .ended: return
      }
    }
  }

  private func wait(for player: inout ScriptPlayer) throws {
    let limit = player.waitLimit ?? Playback.patience
    let end = ContinuousClock.now + .seconds(limit)
    while ContinuousClock.now < end {
      let messages = try nextMessages()
      if !messages.isEmpty { return player.receive(messages) }
    }
    throw player.timeoutError(seconds: limit, state)
  }

  /// What background work has reported, or nothing after a moment.
  func nextMessages() throws -> [ExplorerMessage] {
    try Interruption.check()
    return mailbox.wait(atMost: 200)
  }
}
