import CursesTerminal
import Foundation
import TerminalTesting
import TerminalUI
import Testing

/// The driver in a real terminal, by way of the program `TerminalProbe`.
@Suite(.serialized, .enabled(if: TmuxSession.isAvailable, "tmux is not installed"), .timeLimit(.minutes(2)))
struct TerminalTests {
  private func start(
    width: Int = 80, height: Int = 12, environment: [String: String?] = [:]
  ) throws -> TmuxSession {
    try TmuxSession(
      command: [TmuxSession.builtProduct("TerminalProbe")], width: width, height: height, environment: environment)
  }

  /// The colours that `TerminalProbe` gives to a pixel.
  private func rgb(_ x: Int, _ y: Int, phase: Int = 0) -> UInt32 {
    UInt32((x + phase) & 255) << 16 | UInt32(y & 255) << 8 | UInt32((x + y) % 8)
  }

  @Test func everyHalfBlockHasItsExactColours() throws {
    let session = try start(width: 200, height: 50)
    for phase in 0...1 {
      if phase > 0 { try session.sendKeys("n") }
      let screen = try session.waitUntil("phase \(phase) is there") { screen in
        screen.contains("trueColor 200x50") && screen.contains("phase=\(phase)")
      }
      for y in 0..<48 {
        for x in 0..<200 {
          let cell = screen[x, y]
          try #require(cell.text == "▀")
          try #require(cell.foreground == .rgb(rgb(x, 2 * y, phase: phase)), "cell \(x), \(y)")
          try #require(cell.background == .rgb(rgb(x, 2 * y + 1, phase: phase)), "cell \(x), \(y)")
        }
      }
    }
  }

  @Test func attributesAndWideCharacters() throws {
    let session = try start()
    let screen = try session.waitFor("trueColor 80x12")
    #expect(screen.line(10).hasPrefix("│日本│é│bold"))
    func cell(_ text: String) throws -> CapturedScreen.Cell {
      let place = try #require(screen.find(text))
      return screen[place.x, place.y]
    }
    #expect(try cell("bold").isBold)
    #expect(try cell("dim").isDim)
    #expect(try cell("under").isUnderlined)
    #expect(try cell("reverse").isReversed)
    #expect(try cell("color").foreground == .rgb(0x010203))
    #expect(try cell("color").background == .rgb(0x000007))
  }

  @Test func poorerTerminals() throws {
    let indexed = try start(environment: ["LRP_COLORS": "256"]).waitFor("indexed256 80x12")
    let color = Color(0x010203)
    let place = try #require(indexed.find("color"))
    #expect(indexed[place.x, place.y].foreground == ColorMode.indexed256.nearest(color))
    #expect(indexed[5, 3].text == "▀")

    let ansi = try start(environment: ["LRP_COLORS": "16"]).waitFor("ansi16 80x12")
    #expect(ansi[5, 3].foreground == .index(0))

    let mono = try start(environment: ["NO_COLOR": "1"]).waitFor("monochrome 80x12")
    #expect(mono[0, 3].text == "≡" && mono[79, 3].text == "█" && mono[40, 3].text == " ")
    #expect(mono.rows.joined().allSatisfy { $0.foreground == .default && $0.background == .default })
    #expect(try #require(mono.find("color")).y == 10)

    let ascii = try start(environment: ["LRP_COLORS": "mono", "LC_ALL": "C"]).waitFor("monochrome 80x12")
    #expect(ascii[0, 3].text == "%" && ascii[79, 3].text == "@")
    #expect(ascii.line(10).hasPrefix("|? ? |e|bold"))

    let eight = try start(environment: ["TERM": "linux", "TMUX": nil]).waitFor("ansi16 80x12")
    #expect(eight[5, 3].text == "▀")
    let xterm = try start(environment: ["TERM": "no-such-terminal", "TMUX": nil]).waitFor("indexed256 80x12")
    #expect(xterm[5, 3].text == "▀")
  }

  @Test func withoutCapabilitiesThereIsAClearMessage() throws {
    let session = try start(environment: ["TERM": "dumb"])
    #expect(try session.waitForExit() == 2)
    #expect(try session.history().contains("error: TERM=dumb can only print lines"))
  }

  @Test func keysMouseAndPaste() throws {
    let session = try start()
    try session.waitFor("last=none")
    for (key, text) in [
      ("Up", "↑"), ("S-Up", "Shift-↑"), ("Home", "Home"), ("NPage", "PgDn"), ("BTab", "Shift-Tab"), ("F5", "F5"),
      ("C-r", "Ctrl-r"), ("M-x", "Alt-x"), ("Escape", "Esc"), ("Enter", "↵"), ("BSpace", "⌫"), ("DC", "Del"),
      ("ü", "ü"), ("Space", "space"),
    ] {
      try session.sendKeys(key)
      try session.waitFor("last=key \(text).")
    }
    try session.mouse(button: 0, x: 5, y: 3)
    try session.waitFor("last=mouse press(left) 5,3")
    try session.mouse(button: 32, x: 7, y: 4)
    try session.waitFor("last=mouse drag(left) 7,4")
    try session.mouse(button: 0, x: 7, y: 4, isRelease: true)
    try session.waitFor("last=mouse release(left) 7,4")
    try session.mouse(button: 65, x: 1, y: 1)
    try session.waitFor("last=mouse wheelDown 1,1")
    try session.mouse(button: 64, x: 1, y: 1)
    try session.waitFor("last=mouse wheelUp 1,1")
    try session.mouse(button: 2, x: 79, y: 11)
    try session.waitFor("last=mouse press(right) 79,11")
    // Many reports in one piece: none is lost.
    try session.sendHex(Array(repeating: "1b 5b 3c 36 35 3b 32 3b 32 4d", count: 20).joined(separator: " "))
    try session.waitFor("mouse=26 last=mouse wheelDown 1,1")
    try session.paste("one\rtwo q\u{1B}[A")
    try session.waitFor("last=paste \"one\\ntwo q\\u{1B}[A\"")
  }

  /// Time grows with the length, not with its square, which would be minutes.
  @Test func aLongPasteIsReadAtOnce() throws {
    let environment = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"]
    let terminal = try PseudoTerminal(
      [TmuxSession.builtProduct("TerminalProbe")], width: 80, height: 12, environment: environment)
    try terminal.wait(for: "last=none")
    let began = ContinuousClock.now
    terminal.send("\u{1B}[200~" + String(repeating: "a", count: 800_000) + "\u{1B}[201~")
    // Only what has changed of the line is written.
    try terminal.wait(for: "paste \"aaaa", atMost: .seconds(30))
    #expect(ContinuousClock.now - began < .seconds(20))
    terminal.send("q")
    #expect(terminal.waitForExit() == 0)
  }

  /// Half a paste or report, then Esc, sooner than the wait for the rest ends: the keyboard is not dead.
  @Test(arguments: ["\u{1B}[200~cut", "\u{1B}[<12;3", "\u{1B}[M "]) func escapeEndsWhatIsUnfinished(_ begun: String)
    throws
  {
    let session = try start()
    try session.waitFor("last=none")
    for _ in 0..<3 {
      try session.sendHex(begun.utf8.map { String($0, radix: 16) }.joined(separator: " "))
      try session.sendKeys("Escape")
      try session.waitFor("last=key Esc.")
      try session.sendKeys("x")
      try session.waitFor("last=key x.")
    }
  }

  @Test func backgroundTasksWakeTheLoop() throws {
    let session = try start()
    try session.waitFor("answers=0")
    try session.sendKeys("b", "b", "b")
    try session.waitFor("answers=3")
  }

  @Test func everySizeIsDrawn() throws {
    let session = try start()
    try session.waitFor("trueColor 80x12")
    try session.resize(width: 120, height: 40)
    let large = try session.waitFor("trueColor 120x40")
    #expect(large[119, 37].foreground == .rgb(rgb(119, 74)))
    try session.resize(width: 1, height: 1)
    try session.waitUntil("only one cell is left") { $0.rows.count == 1 && $0.rows[0].count <= 1 }
    try session.resize(width: 60, height: 6)
    try session.waitFor("trueColor 60x6")
  }

  @Test(arguments: [(SIGTERM, "terminate"), (SIGHUP, "hangup"), (SIGINT, "interrupt"), (SIGQUIT, "quit")])
  func endingSignalsAreEvents(_ signal: Int32, _ name: String) throws {
    let session = try start()
    try session.waitFor("last=none")
    kill(try #require(try session.processNumber()), signal)
    #expect(try session.waitForExit() == 0)
    #expect(try session.history().contains("closed after terminate \(name)"))
  }

  @Test func closingRestoresTheTerminalAndShowsWarnings() throws {
    let session = try startInShell()
    try session.sendKeys("e")
    let screen = try session.waitFor("last=key e.")
    #expect(!screen.contains("a warning"))
    try session.sendKeys("q")
    try session.waitUntil("the shell is back") { $0.text.hasSuffix("prompt>") }
    let text = try session.history()
    #expect(text.contains("a warning") && text.contains("closed after key q"))
    #expect(text.contains("status=0") && text.contains("\nicanon"))
    #expect(try session.value(of: "#{alternate_on}#{mouse_any_flag}#{cursor_flag}") == "001")
  }

  /// A shell around the program shows what state it leaves the terminal in.
  private func startInShell() throws -> TmuxSession {
    let session = try TmuxSession(
      command: ["bash", "--norc", "--noprofile", "-i"], width: 80, height: 12,
      environment: ["PS1": "prompt> ", "SWIFT_BACKTRACE": nil])
    try session.waitFor("prompt>")
    try session.type(TmuxSession.builtProduct("TerminalProbe") + "; echo status=$?; stty -a | grep -o -e '-*icanon'\r")
    try session.waitFor("last=none")
    return session
  }

  @Test func aCrashLeavesAReadableMessageAndASaneTerminal() throws {
    let session = try startInShell()
    try session.sendKeys("c")
    try session.waitUntil("the shell is back") { $0.text.hasSuffix("prompt>") }
    let text = try session.history()
    #expect(text.contains("Fatal error: deliberate crash"))
    #expect(text.contains("status=13") && text.contains("\nicanon"))
    #expect(try session.value(of: "#{alternate_on}#{mouse_any_flag}#{cursor_flag}") == "001")
  }

  @Test func suspendAndResume() throws {
    let session = try startInShell()
    try session.sendKeys("C-z")
    try session.waitFor("Stopped")
    #expect(try session.value(of: "#{alternate_on}#{mouse_any_flag}") == "00")
    try session.resize(width: 70, height: 10)
    try session.type("fg\r")
    let screen = try session.waitFor("trueColor 70x10")
    #expect(screen[69, 7].foreground == .rgb(rgb(69, 14)))
    try session.sendKeys("Down")
    try session.waitFor("last=key ↓.")
    try session.click(x: 2, y: 2)
    try session.waitFor("last=mouse release(left) 2,2")
  }

  @Test func withoutAShellSuspendingOnlyRedraws() throws {
    let session = try start()
    try session.waitFor("last=none")
    try session.sendKeys("C-z")
    try session.waitFor("last=resize")
    try session.sendKeys("Down")
    try session.waitFor("last=key ↓.")
  }
}
