import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// The terminal changes its size, the program is stopped, ended and crashes.
  @Suite struct TerminalChanges {
    @Test func everySizeReflows() throws {
      let journey = try Journey()
      let first = try #require(try journey.waitForHeatmap().image)
      try journey.terminal.resize(width: 80, height: 24)
      let small = try journey.wait("80x24 is filled", isSettled: true) { screen in
        screen.rows.count == 24 && screen.line(23).contains("? help") && (screen.image?.width ?? 100) < first.width
      }
      #expect(small.line(0).hasPrefix(" lrp") && small.line(22).hasSuffix("┘"))

      try journey.terminal.resize(width: 70, height: 20)
      try journey.wait(for: "lrp needs 80x24; this is 70x20.")
      try journey.press("j", "d")  // does nothing: nothing can be seen

      try journey.terminal.resize(width: 200, height: 60)
      let large = try journey.wait("200x60 is filled", isSettled: true) { screen in
        screen.rows.count == 60 && screen.line(59).contains("? help") && (screen.image?.width ?? 0) > first.width
      }
      #expect(!large.contains("edit)"))
      try journey.terminal.resize(width: 120, height: 40)
      try journey.wait("120x40 is as before") { $0.rows.count == 40 && $0.image == first }
    }

    @Test func suspendAndResume() throws {
      let journey = try Journey(shell: true)
      let image = try #require(try journey.waitForHeatmap().image)
      try journey.press("C-z")
      try journey.wait(for: "Stopped")
      #expect(try journey.terminal.value(of: "#{alternate_on}#{mouse_any_flag}#{cursor_flag}") == "001")
      try journey.type("fg\r")
      try journey.wait("the explorer is back") { $0.image == image && $0.line(0).contains(" ✓ ") }
      try journey.press("q")
      // What followed on the command line was given up by the shell when the program was stopped.
      try journey.wait("the shell is back") { $0.text.hasSuffix("prompt>") }
      #expect(try journey.terminal.value(of: "#{alternate_on}#{mouse_any_flag}#{cursor_flag}") == "001")
    }

    @Test func suspendingFromTheListOfCommands() throws {
      let journey = try Journey(shell: true)
      let image = try #require(try journey.waitForHeatmap().image)
      try journey.press(":")
      try journey.type("suspend")
      try journey.press("Enter")
      try journey.wait(for: "Stopped")
      try journey.type("fg\r")
      try journey.wait("the explorer is back") { $0.image == image && $0.line(0).contains(" ✓ ") }
      try journey.press("q")
      try journey.wait("the shell is back") { $0.text.hasSuffix("prompt>") }
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT])
    func endingSignalsKeepUnsavedEdits(_ signal: Int32) throws {
      let sandbox = try Sandbox()
      let journey = try Journey(in: sandbox, shell: true)
      try removeARule(journey)
      kill(try program(in: journey), signal)
      _ = try journey.waitForShell(status: 0)
      try theNextSessionFindsTheEdits(sandbox)
    }

    @Test func aCrashLeavesASaneTerminalAndTheEdits() throws {
      let sandbox = try Sandbox()
      let journey = try Journey(environment: ["SWIFT_BACKTRACE": nil], in: sandbox, shell: true)
      try removeARule(journey)
      try journey.wait("the edits are kept, and the state before them") { _ in
        let folder = sandbox.names(in: "state/lrp").first ?? ""
        return sandbox.names(in: "state/lrp/" + folder).count { $0.hasSuffix(".yaml") } == 2
      }
      kill(try program(in: journey), SIGSEGV)
      _ = try journey.waitForShell(status: 128 + Int(SIGSEGV))
      try theNextSessionFindsTheEdits(sandbox)
    }

    /// As in a container, where every session may be process 1: the new session is the process that crashed.
    @Test func aSessionOfTheSameProcessNumberKeepsWhatACrashLeft() throws {
      let sandbox = try Sandbox()
      let journey = try Journey(in: sandbox)
      try removeARule(journey)
      try journey.wait("the edits are kept, and the state before them") { _ in
        let folder = sandbox.names(in: "state/lrp").first ?? ""
        return sandbox.names(in: "state/lrp/" + folder).count { $0.hasSuffix(".yaml") } == 2
      }
      kill(try #require(try journey.terminal.processNumber()), SIGKILL)
      _ = try journey.waitForExit()
      // Found under the number of the next process, where an older program would have put it.
      let rename = "mv state/lrp/unsaved-* state/lrp/unsaved-$$; "
      let next = try Journey(in: sandbox, prelude: rename)
      try next.wait(for: "Edits of an earlier session", "1 edit of epsilon_gamma_box")
      try next.press("Escape")
      try next.waitForHeatmap("epsilon_gamma_box")
      try next.press("q")
      #expect(try next.waitForExit() == 0)
      try theNextSessionFindsTheEdits(sandbox)
    }

    private func removeARule(_ journey: Journey) throws {
      try journey.waitForHeatmap("epsilon_gamma_box")
      try journey.press("j", "d")
      try journey.waitForHeatmap("epsilon_gamma_box* (1 edit)")
    }

    /// The shell's only child.
    private func program(in journey: Journey) throws -> pid_t {
      let shell = try #require(try journey.terminal.processNumber())
      let children = try String(contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
      return try #require(pid_t(children.split(separator: " ").first ?? ""))
    }

    /// The next session offers the edits: later keeps them, restoring brings them back with what can be undone.
    private func theNextSessionFindsTheEdits(_ sandbox: Sandbox) throws {
      try #require(sandbox.names(in: "state/lrp").count == 1)
      let later = try Journey(in: sandbox)
      try later.wait(for: "Edits of an earlier session", "1 edit of epsilon_gamma_box", "for fashion_vgg")
      try later.press("Escape")
      try later.wait("the offer is gone") { !$0.contains("Edits of an earlier session") }
      try later.waitForHeatmap("epsilon_gamma_box")
      try later.press("q")
      #expect(try later.waitForExit() == 0)

      // Another model is open: that of the edits is opened for them.
      let next = try Journey(["--model", "fashion_mlp"], in: sandbox)
      try next.wait(for: "Edits of an earlier session")
      try next.press("r")
      try next.waitForHeatmap("epsilon_gamma_box* (1 edit)")
      #expect(try next.wait(for: "fashion_vgg").line(4).contains("gradient"))
      try next.press("u")
      try next.wait("the edit is undone") { !$0.contains("(1 edit)") && $0.line(4).contains("ZBox") }
      try next.press("q")
      #expect(try next.waitForExit() == 0)
      #expect(sandbox.names(in: "state/lrp").isEmpty)
    }
  }
}
