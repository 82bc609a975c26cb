import Explorer
import LRP
import TerminalUI
import Testing

/// Scripts are played, and what does not fit is named.
struct ScriptPlayerTests {
  @Test func aScriptDoesWhatAUserDoes() throws {
    let bench = try Bench.play(
      """
      wait ready
      press *               # marks by name
      type "*.project"
      press enter 1 enter
      press 1               # a digit goes to the first parameter
      wait ready
      expect "Rule for 3 layers"
      press enter
      wait ready
      expect "(1 edit)"
      expect no "Rule for 3 layers"
      """)
    #expect(bench.rule("blocks.1.project") == "Gamma 1")
    #expect(bench.state.history.present.label == "Gamma 1 → 3 layers")
  }

  @Test(arguments: [
    ("press u", "test.lrp:2: press u: “Undo: nothing to undo” found, a step that can be done expected"),
    ("press Q", "test.lrp:2: press Q: “Q does nothing here; ? shows the keys” found"),
    ("press g g", "test.lrp:2: press g g: nothing found that changes, a step that does something expected"),
    (
      "expect \"no such text\"",
      "test.lrp:2: expect \"no such text\": no “no such text” found, a screen with it expected"
    ),
    ("expect no \"Layers\"", "“Layers” found on the screen, a screen without it expected"),
    ("wait \"no such text\"", "“no such text” on the screen expected"),
    ("wait failure", "no failure found"),
    (
      "press O\ntype \"missing.yaml\"\npress enter\nwait ready",
      "test.lrp:5: wait ready: “missing.yaml: no such file"
    ),
    ("press q\npress j", "test.lrp:3: press j: a step found behind line 2, which has left the explorer"),
    ("press s ctrl-u\ntype \"a.png\"\npress enter", "test.lrp:4: press enter: "),
    ("resize 70x20\npress j", "test.lrp:3: press j: nothing found that changes"),
  ])
  func whatDoesNotFitIsNamed(_ steps: String, _ problem: String) throws {
    do {
      try Bench.play("wait ready\n" + steps)
      Issue.record("\(steps) was played")
    } catch let error as ScriptError {
      #expect(error.description.contains(problem), "\(error)")
    }
  }

  @Test func aFailureCanBeExpected() throws {
    let bench = try Bench.play(
      """
      wait ready
      press O
      maybe press ctrl-u
      type "missing.yaml"
      press enter
      wait failure
      expect "missing.yaml: no such file"
      maybe press u
      press escape
      """)
    #expect(bench.state.notice == nil)
  }

  /// What the background reports reaches the explorer only where the script waits.
  @Test func resultsAreHeldBackUntilTheyAreWaitedFor() throws {
    let bench = try Bench.play(
      """
      wait ready
      press j d             # this attribution is cancelled, however quick the machine is
      press escape
      expect "✗ cancelled"
      wait ready
      expect "✗ cancelled"
      press r
      wait heatmap
      expect "✓ done"
      """)
    #expect(!bench.state.attribution.isStale)
  }

  @Test func theMouseIsPlayed() throws {
    let bench = try Bench.play(
      """
      size 120x40
      wait ready
      click 10 5
      maybe wheel down 10 6
      hold 80 10
      drag 82 12
      maybe release 82 12
      resize 100x30
      """)
    #expect(bench.state.heatmap.probe != nil)
    #expect(bench.state.width == 100 && bench.state.height == 30)
  }
}
