import CursesTerminal
import Explorer
import Foundation
import TerminalUI

/// Proves that lessons can be done: each step's check is false before its solution is played on the real model, and true
/// afterwards.
@MainActor
struct LessonCheck {
  private let explorer: HeadlessExplorer
  private let scratch: String

  private var state: ExplorerState { explorer.state }

  /// - Returns: what is wrong, in lines; nothing if all is well.
  nonisolated static func problems(
    of lesson: Int, _ launch: Launch, width: Int, height: Int
  ) throws -> [String] {
    Interruption.listen()
    let scratch = NSTemporaryDirectory() + "lrp-tutor-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    return try MainActor.assumeIsolated {
      let check = LessonCheck(launch, lesson, width, height, scratch)
      defer { check.explorer.commands.stop() }
      return try check.run()
    }
  }

  private init(_ launch: Launch, _ lesson: Int, _ width: Int, _ height: Int, _ scratch: String) {
    var options = launch.options
    options.tutor?.place = LessonPlace(lesson: lesson)
    explorer = HeadlessExplorer(options, sources: launch.sources, width: width, height: height)
    self.scratch = scratch
  }

  private func run() throws -> [String] {
    try perform(explorer.state.start())
    let end = ContinuousClock.now + .seconds(Playback.patience)
    while let tutor = state.tutor, case .opening = tutor.phase {
      guard ContinuousClock.now < end else {
        return ["the lesson's model does not open in \(Int(Playback.patience)) s"]
      }
      for message in try explorer.nextMessages() { try perform(explorer.state.update(.message(message))) }
    }
    if let notice = state.notice, notice.kind == .error { return [notice.text] }
    var problems: [String] = []
    for _ in 0..<(state.tutor?.lesson?.steps.count ?? 0) {
      guard let place = state.tutor?.place, let lesson = state.tutor?.lesson else { break }
      let name = "\(lesson.path): step \(place): "
      if state.tutor?.isDone == true { problems.append(name + "is done before anything was done") }
      let text = state.tutor?.step?.text.text(state) ?? ""
      try press(.function(4))
      if let notice = state.notice, notice.kind == .error { problems.append(name + notice.text) }
      guard let tutor = state.tutor, tutor.isDone else {
        problems.append(name + "is not done by its solution: " + (state.tutor?.missing.joined(separator: "; ") ?? ""))
        break
      }
      // A quantity that has no value is a mistake of the lesson's author.
      let explain = tutor.step?.explain
      if text.contains("–") != (tutor.step?.text.source.contains("–") ?? false) {
        problems.append(name + "the text has a number that is not there yet: \(text)")
      }
      if let explain, explain.text(state).contains("–") != explain.source.contains("–") {
        problems.append(name + "the explanation has a number that is not there: \(explain.text(state))")
      }
      if tutor.next(after: place)?.lesson == place.lesson { try press(.function(2)) }
    }
    return problems
  }

  private func press(_ key: Key) throws { try perform(explorer.state.update(.terminal(.key(key)))) }

  private func perform(_ list: [ExplorerCommand]) throws {
    for command in list {
      switch command {
      case .keepUnsaved, .adoptRecovered, .keepProgress, .suspend, .redraw, .beep, .quit: break
      case .play(let script, _): try play(script)
      case .save(var request):
        // Nothing of the user's is written over, and nothing is left.
        request.path = scratch + "/" + (request.path as NSString).lastPathComponent
        request.overwrites = true
        explorer.commands.perform(.save(request))
      default: explorer.commands.perform(command)
      }
    }
  }

  private func play(_ script: Script) throws {
    var player = ScriptPlayer(script)
    var end = PlayEnd.done
    do {
      try explorer.play(&player, perform: perform)
    } catch let error as ScriptError {
      end = .failed(error.description)
    }
    for message in player.takeMessages() { try perform(explorer.state.update(.message(message))) }
    try perform(explorer.state.update(.message(.playEnded(end))))
  }
}
