import Explorer
import TerminalUI

/// A script being played on the screen: when the next step is due, and what is shown meanwhile.
@MainActor
struct Playback {
  var player: ScriptPlayer
  let size: ScriptSize?
  private let speed: Double
  private var due = ContinuousClock.now + .milliseconds(300)
  private var waitBegan: ContinuousClock.Instant?
  private var caption: String?
  private(set) var isHalted = false
  /// Whether it is one of the tutor's, at the end of which the learner goes on.
  let isLesson: Bool
  /// Whether it only leads somewhere: nobody has to follow it, and it writes no files.
  let isQuick: Bool

  /// How long a wait may take that has no limit of its own.
  static let patience = 120.0

  init(_ script: Script, speed: Double) {
    player = ScriptPlayer(script)
    size = script.size
    self.speed = speed
    (isLesson, isQuick) = (false, false)
  }

  /// Plays a part of a lesson.
  init(lesson script: Script, isQuick: Bool) {
    player = ScriptPlayer(script)
    size = nil
    speed = isQuick ? .infinity : 1
    (isLesson, self.isQuick) = (true, isQuick)
    if isQuick { due = .now }
  }

  /// Whether a key does not stop it: on the way to a step only Esc does.
  func ignores(_ key: Key) -> Bool { isQuick && key != .escape }

  var bar: PlaybackBar {
    var bar = PlaybackBar(place: player.place, step: player.stepText)
    bar.caption = caption ?? (isLesson ? "▶ " + player.stepText : nil)
    bar.isHalted = isHalted
    return bar
  }

  mutating func toggleHalt() { isHalted.toggle() }

  /// How long nothing has to be done; `nil`: until something arrives.
  var timeout: Duration? {
    if isHalted { return nil }
    return waitBegan == nil ? max(.zero, due - .now) : .milliseconds(200)
  }

  /// Does what is due.
  /// - Parameter perform: gets what the explorer asks for.
  /// - Returns: whether the script has ended.
  /// - Throws: ``ScriptError``.
  mutating func advance(_ state: inout ExplorerState, perform: ([ExplorerCommand]) -> Void) throws -> Bool {
    while !isHalted, due <= .now {
      switch try player.advance(&state) {
      case .did(let commands):
        waitBegan = nil
        perform(commands)
        if player.hasQuit { return true }
      case .waits:
        let began = waitBegan ?? .now
        waitBegan = began
        let limit = player.waitLimit ?? Self.patience
        if ContinuousClock.now - began > .seconds(limit) { throw player.timeoutError(seconds: limit, state) }
        return false
      case .says(let text): caption = text
      case .ended: return true
      }
      due = .now + .seconds(player.pause / speed)
    }
    return false
  }
}
