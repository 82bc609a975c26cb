import Explorer
import Tensors
import TerminalUI
import Testing

/// What is done is written down such that playing it does the same.
struct ScriptRecorderTests {
  /// A live session: background work is answered when the test says so.
  private struct Session {
    var state: ExplorerState
    var background = FakeBackground()
    var recorder = ScriptRecorder()
    var lines: [String] = []

    init() throws {
      state = ExplorerState(width: 120, height: 40, launch: Fixture.launch())
      state.showsTimes = false
      let commands = state.start()
      recorder.noteStart(commands)
      try background.take(commands)
    }

    mutating func send(_ event: Event) throws {
      let before = state
      let commands = state.update(.terminal(event))
      write(recorder.note(event, commands: commands, before: before, after: state))
      try background.take(commands)
    }

    mutating func press(_ keys: Key...) throws { for key in keys { try send(.key(key)) } }
    mutating func type(_ text: String) throws { for character in text { try send(.key(.character(character))) } }

    /// Delivers messages: all, or so many of jobs that are chosen.
    mutating func answer(_ count: Int = .max, _ choose: (Int) -> Int = { _ in 0 }) throws {
      for _ in 0..<min(count, 1_000_000) {
        guard let message = background.next(choose) else { return }
        let commands = state.update(.message(message))
        recorder.note(message, commands: commands, state)
        try background.take(commands)
      }
    }

    mutating func finish() { write(recorder.finish(state)) }

    private mutating func write(_ edits: [ScriptRecorder.Edit]) {
      for edit in edits {
        switch edit {
        case .append(let line): lines.append(line)
        case .replaceLast(let line): lines[lines.count - 1] = line
        }
      }
    }

    var steps: [String] { lines.map { $0.replacing(/[ ]+# .*$/, with: "") } }
  }

  @Test func aSessionIsReadable() throws {
    var session = try Session()
    try session.answer()
    try session.press(.character("*"))
    try session.type("*.project")
    try session.press(.enter, .character("1"), .enter, .tab, .control("u"))
    try session.type("0.5")
    try session.answer()
    try session.press(.enter, .character("Q"), .character("u"))
    try session.answer()
    try session.press(.character("q"))
    #expect(
      session.lines == [
        "wait ready",
        "press *                 # Mark by name pattern or kind",
        "type \"*.project\"",
        "press enter             # 3 layers marked",
        "press 1                 # Layers, ledger, heatmap, classes",
        "press enter             # Choose the rule of the marked layers, or of this one",
        "press tab",
        "press ctrl-u",
        "type \"0.5\"              # Gamma 0.5",
        "wait ready",
        "press enter             # Gamma 0.5 → 3 layers",
        "maybe press Q           # Q does nothing here; ? shows the keys",
        "press u                 # Undo: preset epsilon_gamma_box",
        "wait ready",
        "press q                 # Quit: leaves",
      ])
  }

  @Test func clicksAndPartialResultsAreWritten() throws {
    var session = try Session()
    try session.answer()
    try session.send(.mouse(MouseEvent(.press(.left), x: 9, y: 4)))
    try session.send(.mouse(MouseEvent(.release(.left), x: 9, y: 4)))
    try session.press(.character("d"))
    try session.answer(1)
    try session.press(.character("t"), .escape, .escape)
    try session.send(.paste("a\u{1B}"))
    try session.send(.focusLost)
    try session.send(.resize(width: 100, height: 30))
    session.finish()
    #expect(
      session.steps == [
        "wait ready", "click 10 5", "press d", "wait output", "press t", "press escape", "press escape",
        "maybe paste \"a\\u{1b}\"", "resize 100x30",
      ])
  }

  /// Whatever is done, at whatever time results arrive: the recording ends with the same screen and the same composite.
  @Test(arguments: 1...12) func aReplayEndsAsTheSessionDid(seed: Int) throws {
    var numbers = SplitMix64(seed: UInt64(seed))
    var session = try Session()
    for _ in 0..<150 {
      try session.send(RandomEvents.event(&numbers))
      if Int.random(in: 0..<3, using: &numbers) == 0 {
        try session.answer(Int.random(in: 1..<6, using: &numbers)) { Int.random(in: 0..<$0, using: &numbers) }
      }
    }
    try session.answer()
    session.finish()
    let text = session.lines.joined(separator: "\n")
    let replayed = try Bench.play("size 120x40\n" + text).state
    #expect(
      replayed.view() == session.state.view(),
      "\(replayed.screenContent().text)\n\(session.state.screenContent().text)\n\(text)")
    #expect(replayed.compositeLabel == session.state.compositeLabel)
    #expect(replayed.history.past.map(\.label) == session.state.history.past.map(\.label))
  }
}
