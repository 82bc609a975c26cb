import Foundation
import Tensors
import TerminalTesting
import Testing

extension Journeys {
  /// 100,000 random keys, mouse reports, pastes, broken sequences, sizes and signals for the real program: half of them in
  /// tmux, half in a bare terminal. `LRP_RANDOM_INPUTS=1000000` does more.
  ///
  /// Whatever model it has opened meanwhile: after going back to the first one the program is as small as at the start.
  @Suite struct RandomInput {
    private static let count =
      (ProcessInfo.processInfo.environment["LRP_RANDOM_INPUTS"].flatMap { Int($0) } ?? 100_000) / 2
    private static let seed =
      ProcessInfo.processInfo.environment["LRP_RANDOM_SEED"].flatMap { UInt64($0) } ?? 20_261_123
    private static let sizes = [(80, 24), (120, 40), (200, 60), (79, 24), (300, 10), (150, 45)]

    /// Without windows of one or two columns, in which tmux 3.3a itself crashes now and then.
    @Test(.timeLimit(.minutes(60))) func nothingBreaksInTmux() throws {
      let sandbox = try Sandbox()
      var environment = sandbox.environment.mapValues { Optional($0) }
      environment["LRP_COLORS"] = "24bit"
      // Not from an interactive shell: what follows an unexpected end would be typed into it.
      let program = try TmuxSession.builtProduct("lrp")
      let line =
        "'\(program)' --model fashion_mlp; echo status=$?; stty -a | grep -o -e '-*icanon' -e '-*echo '; sleep 60"
      let terminal = try TmuxSession(
        command: ["sh", "-c", line], width: 120, height: 40, environment: environment, directory: sandbox.path)
      try terminal.waitUntil("the heatmap is there", timeout: .seconds(60)) { $0.line(0).contains(" ✓ ") }
      let process = try child(of: try #require(try terminal.processNumber()))
      let early = try residentBytes(process)

      var numbers = SplitMix64(seed: Self.seed)
      try storm(
        process, &numbers,
        send: { try terminal.sendHex($0.map { String($0, radix: 16) }.joined(separator: " ")) },
        resize: { numbers in
          let size = (Self.sizes + [(10, 10), (30, 2)]).randomElement(using: &numbers) ?? (80, 24)
          try terminal.resize(width: size.0, height: size.1)
        })

      try terminal.resize(width: 120, height: 40)
      try recovers(
        send: { try terminal.sendHex($0.utf8.map { String($0, radix: 16) }.joined(separator: " ")) },
        look: {
          let screen = try terminal.capture()
          return screen.contains
        })
      try expectNoGrowth(process, since: early)
      kill(process, SIGTERM)
      try terminal.waitUntil("the program has left", timeout: .seconds(30)) { $0.contains("status=0") }
      try terminal.waitUntil("the terminal is as it was", timeout: .seconds(10)) { screen in
        // Behind them may stand what was echoed while the program was stopped.
        ["icanon", "echo"].allSatisfy { name in screen.rows.indices.contains { screen.line($0).hasPrefix(name) } }
      }
      #expect(try terminal.value(of: "#{alternate_on}#{mouse_any_flag}#{cursor_flag}") == "001")
    }

    /// Down to a window of a single cell.
    @Test(.timeLimit(.minutes(60))) func nothingBreaksInABareTerminal() throws {
      let sandbox = try Sandbox()
      var environment = sandbox.environment
      environment.merge(["LRP_COLORS": "24bit", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"]) { $1 }
      // In the sandbox, where whatever is saved is out of the way.
      let line = "cd '\(sandbox.path)' && exec '\(try TmuxSession.builtProduct("lrp"))' --model fashion_mlp"
      let terminal = try PseudoTerminal(
        ["/bin/sh", "-c", line], width: 120, height: 40, environment: environment)
      #expect(terminal.isCooked)
      try terminal.wait(for: "✓")
      #expect(!terminal.isCooked)
      let early = try residentBytes(terminal.process)

      var numbers = SplitMix64(seed: Self.seed + 1)
      try storm(
        terminal.process, &numbers, send: { terminal.send(bytes: $0) },
        resize: { numbers in
          let size = (Self.sizes + [(1, 1), (2, 50), (400, 120), (1, 200)]).randomElement(using: &numbers) ?? (80, 24)
          terminal.resize(width: size.0, height: size.1)
        })

      var looks = 0
      try recovers(
        send: { terminal.send($0) },
        look: {
          // What has not changed is not written again, except in a window of another size.
          looks += 1
          terminal.clear()
          terminal.resize(width: 120 + looks % 2, height: 40)
          terminal.waitForQuiet(400)
          return terminal.shows
        })
      try expectNoGrowth(terminal.process, since: early)
      kill(terminal.process, SIGTERM)
      #expect(terminal.waitForExit() == 0, "\(terminal.rawTail.suffix(300))")
      #expect(terminal.isCooked)
      for end in ["\u{1B}[r", "\u{1B}[?1049l", "\u{1B}[?1002l", "\u{1B}[?2004l", "\u{1B}[?25h"]
      where !terminal.rawTail.contains(end) {
        Issue.record("\(end) not found at the end: \(terminal.rawTail.debugDescription.suffix(400))")
      }
    }

    private func storm(
      _ process: pid_t, _ numbers: inout SplitMix64, send: ([UInt8]) throws -> Void,
      resize: (inout SplitMix64) throws -> Void
    ) throws {
      var sent = 0
      while sent < Self.count {
        var bytes: [UInt8] = []
        for _ in 0..<40 { bytes += RandomBytes.event(&numbers) }
        sent += 40
        try send(bytes)
        switch Int.random(in: 0..<8, using: &numbers) {
        case 0: try resize(&numbers)
        case 1:
          kill(process, SIGSTOP)
          usleep(5000)
        case 2: for _ in 0..<20 { kill(process, SIGWINCH) }
        case 3: kill(process, SIGTSTP)
        default: break
        }
        // Whatever it was, it goes on: a stop that nobody continues would be no fault of the program.
        kill(process, SIGCONT)
        #expect(kill(process, 0) == 0, "the program has ended after \(sent) events")
      }
    }

    private func expectNoGrowth(_ process: pid_t, since early: Int) throws {
      let late = try residentBytes(process)
      #expect(late < early + 64 << 20, "\(early >> 20) MB at the start, \(late >> 20) MB at the end")
    }

    /// Out of whatever it is in, it answers again, and opens its first model.
    private func recovers(send: (String) throws -> Void, look: () throws -> (String) -> Bool) throws {
      func reach(_ what: String, with keys: [String], _ isThere: ((String) -> Bool) -> Bool) throws {
        for _ in 0..<60 {
          for key in keys {
            try send(key)
            usleep(300_000)  // a key at once behind Esc would be Alt
          }
          if isThere(try look()) { return }
        }
        Issue.record("\(what) is not there")
      }
      try reach("help", with: ["\u{1B}", "?"]) { shows in shows("In this pane") }
      try reach("the list of models", with: ["\u{1B}", "m"]) { shows in shows("type to search") }
      // The last key discards edits, where there are any.
      for keys in ["fashion_mlp", "\r", "d"] { try send(keys) }
      try reach("the first model", with: [""]) { shows in
        shows("fashion_mlp") && shows("✓") && !shows("type to search")
      }
    }

    private func child(of shell: pid_t) throws -> pid_t {
      let children = try String(contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
      return try #require(pid_t(children.split(separator: " ").first ?? ""))
    }

    private func residentBytes(_ process: pid_t) throws -> Int {
      let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
      return 1024 * (try #require(Int(line.split(separator: " ")[1])))
    }
  }
}

/// What a terminal could send, and what it should not.
private enum RandomBytes {
  private static let sequences = [
    "\u{1B}[A", "\u{1B}[B", "\u{1B}[C", "\u{1B}[D", "\u{1B}OA", "\u{1B}OB", "\u{1B}[H", "\u{1B}[F", "\u{1B}[5~",
    "\u{1B}[6~", "\u{1B}[3~", "\u{1B}[Z", "\u{1B}OP", "\u{1B}[1;2A", "\u{1B}[I", "\u{1B}[O", "\r", "\t", "\u{7F}",
    "\u{1B}", "\u{1B}\u{1B}", "\u{15}", "\u{12}", "\u{0C}", "\u{17}",
    // Broken ones.
    "\u{1B}[", "\u{1B}[<12;", "\u{1B}[<0;99999999999999999999;1M", "\u{1B}[M", "\u{1B}[200~cut", "\u{1B}[201~",
    "\u{1B}]0;title", "\u{1B}P", "\u{1B}[999;999;999R", "\u{1B}[?62;c", "\u{1B}[38;5;1m", "\u{9B}1~",
  ]
  private static let junk = [
    "0.5", "漢字👩‍👩‍👧\u{301}\u{202E}", "a\u{1B}[31mb\0c", "\r\n\r\n", "*.project", "-1e999",
    String(repeating: "x", count: 200),
  ]
  private static let broken: [[UInt8]] = [
    [0xC3, 0x28], [0xFF], [0xF0, 0x9F], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80],
  ]
  /// Neither those that leave (q, Ctrl-C, and : where it can be asked for), nor what a path could begin with that leads
  /// out of the folder, nor m: a list of sixty models, most of them large, is opened often enough by accident.
  private static let characters = (32..<127).map { UInt8($0) }.filter { !Array("qm:/~".utf8).contains($0) }

  static func event(_ numbers: inout SplitMix64) -> [UInt8] {
    switch Int.random(in: 0..<100, using: &numbers) {
    case 0..<50: return [characters.randomElement(using: &numbers) ?? 106]
    case 50..<78: return Array((sequences.randomElement(using: &numbers) ?? "j").utf8)
    case 78..<90:
      let button = [0, 0, 0, 2, 32, 64, 65].randomElement(using: &numbers) ?? 0
      // Not the last line, where a click leaves or opens the list of models.
      let (x, y) = (Int.random(in: 0..<210, using: &numbers), Int.random(in: 0..<23, using: &numbers))
      let report = "\u{1B}[<\(button);\(x);\(y)"
      // A release has its press before it: what follows something broken is typed.
      return Array((report + "M" + (Bool.random(using: &numbers) ? report + "m" : "")).utf8)
    case 90..<94:
      return Array(("\u{1B}[200~" + (junk.randomElement(using: &numbers) ?? "") + "\u{1B}[201~").utf8)
    default: return broken.randomElement(using: &numbers) ?? [0xFF]
    }
  }
}
