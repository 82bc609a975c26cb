import TerminalUI

/// Writes what the user does as a script.
///
/// Pure: it says which lines to write; a step that grows (typing, a click) replaces its line.
public struct ScriptRecorder: Sendable {
  public enum Edit: Hashable, Sendable {
    case append(String)
    /// In place of the last line, which ends where this one does if this one is shorter.
    case replaceLast(String)
  }

  private var work = PendingWork()
  private var isReady = false
  /// What has come in from the background since the last step.
  private var arrived: [ScriptCondition] = []
  private var last: ScriptStep?
  private var lastWasTyped = false

  public init() {}

  /// The first lines of the file.
  /// - Parameter options: of `lrp explore`, without those for recording.
  public static func heading(options: [String], _ state: ExplorerState) -> String {
    let start = options.isEmpty ? "" : "start " + options.map(ScriptText.word).joined(separator: " ") + "\n"
    let size = ScriptSize(width: max(1, state.width), height: max(1, state.height))
    return "# A session of the explorer; lrp explore --play FILE plays it.\n\(start)size \(size)\n"
  }

  /// Takes note of what the explorer asked for when it started.
  public mutating func noteStart(_ commands: [ExplorerCommand]) { work.note(commands) }

  // MARK: Background

  public mutating func note(_ message: ExplorerMessage, commands: [ExplorerCommand], _ state: ExplorerState) {
    let before: [ScriptCondition] = message.failure != nil ? [.failure] : Self.condition(message).map { [$0] } ?? []
    work.note(message)
    work.note(commands)
    arrived += before.filter { !arrived.contains($0) && ($0 == .failure || work.has($0, state)) }
  }

  private static func condition(_ message: ExplorerMessage) -> ScriptCondition? {
    switch message {
    case .modelOpened: .model
    case .inputOpened: .input
    case .outputComputed: .output
    case .attributionFinished, .attributionCancelled: .heatmap
    case .saved, .fileExists, .compositeOpened: .files
    default: nil
    }
  }

  /// What a replay has to wait for before the next step.
  private func waits(_ state: ExplorerState) -> [ScriptCondition] {
    if arrived.contains(.failure) { return [.failure] + (work.has(.ready, state) ? [.ready] : []) }
    if work.has(.ready, state) { return isReady ? [] : [.ready] }
    // The later ones include the earlier ones.
    if arrived.contains(.heatmap) { return arrived.filter { $0 != .model && $0 != .output } }
    return arrived.contains(.output) ? arrived.filter { $0 != .model } : arrived
  }

  // MARK: Events

  /// Writes an event down.
  /// - Parameters:
  ///   - before: the state that got it.
  ///   - after: what it became.
  public mutating func note(
    _ event: Event, commands: [ExplorerCommand], before: ExplorerState, after: ExplorerState
  ) -> [Edit] {
    guard let action = Self.action(event) else { return [] }
    work.note(commands)
    let isRefused = after.refusal != nil || commands.contains { if case .beep = $0 { true } else { false } }
    let hasEffect = !commands.isEmpty || before.view() != after.view()
    var step = ScriptStep(line: 0, mayDoNothing: isRefused || !hasEffect, action: action)
    let comment = Comment(event: event, commands: commands, before: before, after: after).text
    let isTyped = Self.isTyped(event) && (before.popup != nil || before.layers.isFiltering)
    defer {
      last = step
      lastWasTyped = isTyped
      arrived = []
      isReady = work.has(.ready, after)
    }
    if let joined = joined(step, isTyped: isTyped) {
      step = joined
      return [.replaceLast(Self.line(step, comment))]
    }
    return waits(before).map { .append("wait \($0.text)") } + [.append(Self.line(step, comment))]
  }

  /// What a replay has to wait for before the session is as it is now.
  public mutating func finish(_ state: ExplorerState) -> [Edit] {
    waits(state).map { .append("wait \($0.text)") }
  }

  /// The last step with this one added: typed text, or a release that makes a click.
  private func joined(_ step: ScriptStep, isTyped: Bool) -> ScriptStep? {
    guard let last else { return nil }
    if isTyped, lastWasTyped, last.mayDoNothing == step.mayDoNothing, !step.mayDoNothing,
      !arrived.contains(where: { $0 != .heatmap && $0 != .output }), let text = Self.typed(last.action),
      let more = Self.typed(step.action)
    {
      return ScriptStep(line: 0, action: .type(text + more))
    }
    if case .mouse(let press) = last.action, case .press(let button) = press.kind,
      case .mouse(let release) = step.action,
      release.kind == .release(button), release.x == press.x, release.y == press.y, arrived.isEmpty
    {
      return ScriptStep(line: 0, mayDoNothing: last.mayDoNothing, action: .click(button, x: press.x, y: press.y))
    }
    return nil
  }

  private static func typed(_ action: ScriptAction) -> String? {
    switch action {
    case .type(let text): text
    case .press(let keys):
      if keys.count == 1, case .character(let character) = keys[0] { String(character) } else { nil }
    default: nil
    }
  }

  private static func isTyped(_ event: Event) -> Bool {
    if case .key(.character) = event { true } else { false }
  }

  /// The step that sends an event; `nil` for what a script does not have.
  private static func action(_ event: Event) -> ScriptAction? {
    switch event {
    case .key(let key): KeyName.name(key) == nil ? nil : .press([key])
    case .mouse(let event): .mouse(event)
    case .paste(let text): text.isEmpty ? nil : .paste(text)
    case .resize(let width, let height): ScriptSize("\(width)x\(height)").map { .resize($0) }
    case .focusGained, .focusLost, .resumed, .terminate: nil
    }
  }

  private static func line(_ step: ScriptStep, _ comment: String) -> String {
    let text = step.text
    if comment.isEmpty { return text }
    return text + String(repeating: " ", count: max(1, 24 - text.count)) + "# " + comment
  }

  /// What a step did, in words.
  private struct Comment {
    let event: Event
    let commands: [ExplorerCommand]
    let before: ExplorerState
    let after: ExplorerState

    var text: String {
      if let refusal = after.refusal { return Self.clean(refusal) }
      var parts: [String] = []
      if case .key(let key) = event, before.popup == nil, !before.layers.isFiltering, !before.isTooSmall,
        let action = ActionTable.action(for: key, in: before.focus)
      {
        parts.append(action.title)
      }
      if let effect { parts.append(effect) }
      return Self.clean(parts.joined(separator: ": "))
    }

    private var effect: String? {
      for command in commands {
        switch command {
        case .save(let request): return "saves \(request.path)"
        case .openModel(let request): return "opens \(request.entry.name)"
        case .openInput(let request): return "loads \(request.entry.name)"
        case .openComposite(let path): return "opens \(path)"
        case .quit: return "leaves"
        default: break
        }
      }
      if after.history.revision != before.history.revision { return after.history.present.label }
      if let preview = after.preview, after.attribution.request != before.attribution.request {
        guard let path = after.editedPaths.first else { return preview.title }
        return preview.rules[path]?.rule.shortText ?? preview.title
      }
      if after.target != before.target { return after.targetLabel }
      if after.layers.marks != before.layers.marks {
        return NumberText.plural(after.layers.marks.count, "layer") + " marked"
      }
      if after.selectedRow?.name != before.selectedRow?.name { return after.selectedRow?.name }
      return after.focus != before.focus ? after.focus.title : nil
    }

    private static func clean(_ text: String) -> String {
      String(text.map { $0.isNewline ? " " : $0 })
    }
  }
}
