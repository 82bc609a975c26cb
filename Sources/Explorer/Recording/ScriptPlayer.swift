import TerminalUI

/// Plays a script on a state, step by step.
///
/// What background work reports is held back until the script waits for it: then nothing depends on how quick the
/// machine is, and the same script gives the same picture.
public struct ScriptPlayer: Sendable {
  public enum Progress: Sendable {
    /// Something was done; the commands are to be performed.
    case did([ExplorerCommand])
    /// Background work has to report first.
    case waits
    /// A caption for those who watch.
    case says(String)
    /// There is no step left.
    case ended
  }

  private var script: Script
  private var next = 0
  /// What the present step still has to send.
  private var events: [Event] = []
  /// Whether any event of the present step has had an effect.
  private var hadEffect = false
  private var messages: [ExplorerMessage] = []
  private var failures: [String] = []
  private var work = PendingWork()
  private var quitLine: Int?
  /// An attribution that the script has cancelled: quick machines may have finished it all the same.
  private var cancelledRequest: Int?

  public init(_ script: Script) { self.script = script }

  /// Steps done, and all of them.
  public var count: (done: Int, all: Int) { (next, script.steps.count) }
  /// The line of the present step, `demo.lrp:12`.
  public var place: String { "\(script.path):\(step?.line ?? script.steps.last?.line ?? 1)" }
  /// The present step as it is written.
  public var stepText: String { step?.text ?? "" }
  /// Seconds the present wait may take; `nil` without a limit of its own.
  public var waitLimit: Double? {
    if case .wait(_, let limit) = step?.action { limit } else { nil }
  }
  /// Whether a step has left the explorer.
  public var hasQuit: Bool { quitLine != nil }

  private var step: ScriptStep? { script.steps.indices.contains(next) ? script.steps[next] : nil }

  /// How long those who watch want to wait before ``advance(_:)``, in seconds.
  public var pause: Double {
    switch step?.action {
    case nil, .wait, .expect: 0
    case .type: events.isEmpty ? 0.4 : 0.09
    case .press, .paste, .resize: 0.6
    case .click: events.count == 1 ? 0.05 : 0.6
    case .mouse(let event):
      if case .drag = event.kind { 0.03 } else { 0.3 }
    case .pause(let seconds): seconds
    case .say: 0.2
    }
  }

  /// Takes note of what the explorer asked for when it started.
  public mutating func noteStart(_ commands: [ExplorerCommand]) { work.note(commands) }

  /// Adds a last step: to wait until nothing goes on in the background.
  public mutating func waitUntilReady() {
    let line = script.steps.last?.line ?? 1
    script.steps.append(ScriptStep(line: line, action: .wait(.ready, limit: nil)))
  }

  /// Keeps what background work reports.
  public mutating func receive(_ new: [ExplorerMessage]) { messages += new }

  /// What has been held back and will not be waited for any more.
  public mutating func takeMessages() -> [ExplorerMessage] {
    defer { messages = [] }
    return messages
  }

  /// Does the next thing.
  /// - Throws: ``ScriptError`` if the step cannot be done, does nothing, or does not find what it expects.
  public mutating func advance(_ state: inout ExplorerState) throws(ScriptError) -> Progress {
    guard let step else { return .ended }
    if let quitLine { throw error("a step found behind line \(quitLine), which has left the explorer") }
    switch step.action {
    case .wait(let condition, _): return try wait(for: condition, &state)
    case .expect(let text, let isShown):
      try expect(text, isShown, state)
      next += 1
      return .did([])
    case .pause:
      next += 1
      return .did([])
    case .say(let text):
      next += 1
      return .says(text)
    default:
      if events.isEmpty {
        failures = []
        hadEffect = false
        events = step.action.events
      }
      return .did(try send(step, &state))
    }
  }

  // MARK: Events

  private mutating func send(_ step: ScriptStep, _ state: inout ExplorerState) throws(ScriptError) -> [ExplorerCommand]
  {
    let event = events.removeFirst()
    let before = state.view()
    let commands = state.update(.terminal(event))
    work.note(commands)
    if commands.contains(where: { if case .cancelAttribution = $0 { true } else { false } }) {
      cancelledRequest = state.attribution.request
    }
    let isRefused = state.refusal != nil || commands.contains { if case .beep = $0 { true } else { false } }
    if isRefused, !step.mayDoNothing {
      throw error("“\(state.refusal ?? Self.problem(state))” found, a step that can be done expected")
    }
    if !commands.isEmpty || state.view() != before { hadEffect = true }
    if commands.contains(where: { if case .quit = $0 { true } else { false } }) {
      quitLine = step.line
      events = []
    }
    let isLastOfKind = events.isEmpty || step.action.countsEveryEvent
    if isLastOfKind, !hadEffect, !step.mayDoNothing {
      throw error("nothing found that changes, a step that does something expected (or one behind “maybe”)")
    }
    if step.action.countsEveryEvent { hadEffect = false }
    if events.isEmpty { next += 1 }
    return commands
  }

  private static func problem(_ state: ExplorerState) -> String {
    state.notice?.text ?? (state.popup == nil ? "the bell" : "an answer that the open window does not take")
  }

  // MARK: Waiting

  private mutating func wait(
    for condition: ScriptCondition, _ state: inout ExplorerState
  ) throws(ScriptError) -> Progress {
    if condition == .failure, !failures.isEmpty {
      failures = []
      next += 1
      return .did([])
    }
    if condition != .failure, let failure = failures.first {
      throw error("“\(failure)” found, \(Self.expectation(condition)) expected")
    }
    if work.has(condition, state) {
      next += 1
      return .did([])
    }
    if condition == .failure, messages.isEmpty, work.has(.ready, state) {
      throw error("no failure found, and nothing goes on in the background; a failure expected")
    }
    guard !messages.isEmpty else { return .waits }
    return .did(deliver(messages.removeFirst(), &state))
  }

  private mutating func deliver(_ message: ExplorerMessage, _ state: inout ExplorerState) -> [ExplorerCommand] {
    switch message {
    case .outputComputed(cancelledRequest, _), .attributionFinished(cancelledRequest, _): return []
    default: break
    }
    let notice = state.notice
    let commands = state.update(.message(message))
    work.note(message)
    work.note(commands)
    if state.notice?.kind == .error, state.notice != notice || message.failure != nil {
      failures.append(state.notice?.text ?? "")
    }
    return commands
  }

  /// Why a wait is given up.
  public func timeoutError(seconds: Double, _ state: ExplorerState) -> ScriptError {
    let found =
      if case .wait(.text, _) = step?.action { Self.screenText(state) } else { work.description(state) }
    var expected = "the step’s end"
    if case .wait(let condition, _) = step?.action { expected = Self.expectation(condition) }
    return error("after \(Int(seconds)) s “\(found)” found, \(expected) expected")
  }

  private static func expectation(_ condition: ScriptCondition) -> String {
    switch condition {
    case .model: "the open model"
    case .input: "the loaded input"
    case .output: "the network’s output"
    case .heatmap: "the heatmap"
    case .files: "all files written and read"
    case .ready: "the end of all work"
    case .failure: "a failure"
    case .text(let text): "“\(text)” on the screen"
    }
  }

  // MARK: Expecting

  private func expect(_ text: String, _ isShown: Bool, _ state: ExplorerState) throws(ScriptError) {
    let screen = state.view().plainText()
    if screen.contains(text) == isShown { return }
    if !isShown { throw error("“\(text)” found on the screen, a screen without it expected") }
    throw error("no “\(text)” found, a screen with it expected; it shows:\n\(screen)")
  }

  private static func screenText(_ state: ExplorerState) -> String {
    state.notice?.text ?? state.view().plainText().split(separator: "\n").first.map(String.init) ?? ""
  }

  private func error(_ problem: String) -> ScriptError {
    ScriptError(path: script.path, line: step?.line ?? 1, problem: "\(stepText): \(problem)")
  }
}

extension ScriptAction {
  /// What the step sends to the explorer.
  var events: [Event] {
    switch self {
    case .press(let keys): keys.map { .key($0) }
    case .type(let text): text.map { .key(.character($0)) }
    case .paste(let text): [.paste(text)]
    case .click(let button, let x, let y):
      [.mouse(MouseEvent(.press(button), x: x, y: y)), .mouse(MouseEvent(.release(button), x: x, y: y))]
    case .mouse(let event): [.mouse(event)]
    case .resize(let size): [.resize(width: size.width, height: size.height)]
    case .wait, .expect, .pause, .say: []
    }
  }

  /// Whether each of the events has to have an effect, not only one of them.
  fileprivate var countsEveryEvent: Bool { if case .press = self { true } else { false } }
}
