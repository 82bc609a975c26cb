import Compute
import CursesTerminal
import Explorer
import FileSystem
import LRP
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
  private var recording: RecordingFile?
  private var playback: Playback?
  /// Why the script could not be played to its end.
  private var failure: (any Error)?

  /// - Throws: `TerminalError` if there is no terminal that can be used; nothing has been changed then.
  init(launch: LaunchOptions, sources: LaunchSources, color: ColorPreference, mouse: Bool) throws {
    terminal = try Terminal(preference: color, mouse: mouse)
    mailbox = Mailbox()
    commands = CommandRunner(mailbox: mailbox, sources: sources)
    commands.progressPath = launch.tutor.map { ProgressFile.path(lessons: $0.lessons) }
    let size = terminal.size
    state = ExplorerState(
      width: size.width, height: size.height, capabilities: terminal.capabilities, launch: launch)
  }

  /// Begins to write the session down.
  /// - Throws: `FileError`; the terminal has been given back then.
  mutating func record(to path: String, overwriting: Bool, options: [String]) throws {
    do {
      recording = try RecordingFile(
        path, overwriting: overwriting, heading: ScriptRecorder.heading(options: options, state))
    } catch {
      terminal.close()
      throw error
    }
  }

  /// Lets a script do what the user would.
  mutating func play(_ script: Script, speed: Double) { playback = Playback(script, speed: speed) }

  /// Runs until the user leaves; the terminal is as before when this returns.
  /// - Throws: if a script could not be played to its end.
  mutating func run() throws {
    defer { terminal.close() }
    start()
    while isRunning {
      terminal.present(screen)
      let (events, messages) = terminal.wait(for: mailbox, timeout: playback?.timeout)
      if playback != nil {
        play(events, messages)
        continue
      }
      for message in messages { send(.message(message)) }
      for event in events where isRunning { send(.terminal(event)) }
    }
    recording?.finish(state)
    commands.stop()
    if let failure { throw failure }
  }

  private mutating func start() {
    // The terminal has just taken the signals of crashes over.
    MappedFile.surviveTruncation()
    // The interface answers while all cores compute.
    ComputeEngine.giveWay()
    if let size = playback?.size { _ = state.update(.terminal(.resize(width: size.width, height: size.height))) }
    let list = state.start()
    recording?.noteStart(list)
    playback?.player.noteStart(list)
    perform(list)
    // Nobody is there to answer while a script is played.
    // Nor in a lesson: what it plays would answer.
    if playback == nil, state.tutor == nil { commands.reportRecovered() }
  }

  private var screen: CellBuffer {
    var buffer = state.view()
    if let playback, !playback.isQuick {
      let size = terminal.size
      playback.bar.draw(
        into: &buffer, in: Rect(width: min(buffer.width, size.width), height: min(buffer.height, size.height)))
    }
    return buffer
  }

  private mutating func send(_ event: ExplorerEvent) {
    let before = recording == nil ? nil : state
    let list = state.update(event)
    if let recording, let before,
      let problem = recording.note(event, commands: list, before: before, after: state)
    {
      tell(.error, problem)
    }
    perform(list)
  }

  private mutating func tell(_ kind: Notice.Kind, _ text: String) {
    perform(state.update(.message(.notice(Notice(kind, text)))))
  }

  private mutating func perform(_ list: [ExplorerCommand]) {
    for command in list {
      switch command {
      case .quit: isRunning = false
      case .play(let script, let isQuick): playback = Playback(lesson: script, isQuick: isQuick)
      case .save(let request) where playback?.isQuick == true: mailbox.post(.saved(request))
      case .suspend: for event in terminal.suspend() { send(.terminal(event)) }
      case .redraw: terminal.redraw()
      case .beep: terminal.ring()
      default: commands.perform(command)
      }
    }
  }
}

// MARK: - Playing

extension ExplorerRuntime {
  private mutating func play(_ events: [Event], _ messages: [ExplorerMessage]) {
    playback?.player.receive(messages)
    for event in events where isRunning {
      switch event {
      case .key(let key) where playback?.ignores(key) == true: break
      case .key(.character(" ")): playback?.toggleHalt()
      case .key:
        let place = playback?.player.place ?? ""
        if playback?.isLesson == true { return endPlayback(.stopped) }
        endPlayback()
        return tell(.information, "stopped at \(place); the explorer is yours")
      case .resize where playback?.size != nil, .mouse, .paste: break
      default: send(.terminal(event))
      }
    }
    var asked: [ExplorerCommand] = []
    do {
      guard let hasEnded = try playback?.advance(&state, perform: { asked += $0 }) else { return }
      perform(asked)
      if hasEnded, isRunning {
        if playback?.isLesson == true { return endPlayback() }
        let place = playback?.player.place ?? ""
        endPlayback()
        tell(.information, "played to the end (\(place)); the explorer is yours")
      }
    } catch {
      perform(asked)
      if playback?.isLesson == true { return endPlayback(.failed("\(error)")) }
      failure = error
      endPlayback()
      tell(.error, "\(error)")
    }
  }

  /// Gives the explorer to the user: with what the background has reported, and on the whole terminal.
  /// - Parameter end: how it came to that, for the tutor.
  private mutating func endPlayback(_ end: PlayEnd = .done) {
    guard let ended = playback else { return }
    var player = ended.player
    playback = nil
    for message in player.takeMessages() { send(.message(message)) }
    if ended.size != nil {
      send(.terminal(.resize(width: terminal.size.width, height: terminal.size.height)))
      terminal.redraw()
    }
    if ended.isLesson { send(.message(.playEnded(end))) }
  }
}
