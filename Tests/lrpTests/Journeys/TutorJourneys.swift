import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// A learner in the real program.
  @Suite struct Tutor {
    @Test func aLessonIsDoneLeftAndResumed() throws {
      let journey = try Journey(["tutor", "3"])
      try journey.wait(for: "3.1 No rules yet", "0 of 5 layers (Linear) are marked", "gradient")
      // By hand.
      try journey.press("*")
      try journey.wait(for: "Mark layers")
      try journey.type("linear")
      try journey.press("Enter")
      try journey.wait(for: "✓ done – F2 goes on", "Five layers are marked")
      try journey.press("F2")
      try journey.wait(for: "3.2 LRP-0: ε next to zero")
      // Too early.
      try journey.press("F2")
      try journey.wait(for: "0 of 5 layers (Linear) have Epsilon, epsilon ≤ 1e-6 (F4 shows how")
      // Shown.
      try journey.press("F4")
      try journey.wait(for: "✓ done – F2 goes on", "Epsilon 1e-9")
      try journey.press("F2")
      try journey.wait(for: "3.3 Read the ledger")
      try journey.press("2")
      try journey.wait(for: "✓ done – F2 goes on")
      try journey.press("F2")
      try journey.wait(for: "3.4 Pin it as A")
      try journey.press("q")
      try journey.wait(for: "Unsaved edits")
      try journey.press("d")
      #expect(try journey.waitForExit() == 0)
      let kept = try journey.sandbox.text(of: "state/lrp/tutor.yaml")
      #expect(
        kept.contains("at: \"03-lrp-0-then-epsilon.4\"") || kept.contains("at: 03-lrp-0-then-epsilon.4"), "\(kept)")

      // The next start goes on there, with what the steps before have done.
      let again = try Journey(["tutor", "--large"], in: journey.sandbox)
      try again.wait(for: "on with step 3.4", "Epsilon 1e-9", "step 4 of 7")
      try again.press("F8")
      try again.wait(for: "3.4 Pin it as A")
      try again.press("c")
      try again.wait(for: "✓ done – F2 goes on")
      // A checkpoint.
      try again.press("F6")
      try again.wait(for: "number or word")
      try again.type("6.2")
      try again.press("Enter")
      try again.wait(for: "6.2 Unhooked additions", "ResidualSums is on")
      try again.press("F12")
      try again.wait("the panel is gone") { !$0.contains("6.2 ") && $0.contains("tutor is closed") }
      try again.press("q")
      #expect(try again.waitForExit() == 0)
      let list = try again.sandbox.run(["tutor", "--list"])
      #expect(list.output.contains("▶ 6  ") && list.output.contains("✓ 3.4"), "\(list.output)")
    }

    @Test func aLecturersFilesAndABrokenMemory() throws {
      let sandbox = try Sandbox()
      try FileManager.default.createDirectory(atPath: sandbox.file("state/lrp"), withIntermediateDirectories: true)
      try sandbox.write("done: nonsense: [", to: "state/lrp/tutor.yaml")
      let journey = try Journey(["tutor", "8"], in: sandbox)
      try journey.wait(for: "8.1 Save the composite", "lessons start anew")
      // Going to a step writes no files; doing it does.
      try journey.press("F5")
      try journey.wait(for: "8.2 For zennit, in Python", "no python file is saved yet")
      #expect(sandbox.names(in: ".").filter { $0.hasSuffix(".yaml") }.isEmpty)
      try journey.press("F4")
      try journey.wait(for: "✓ done – F2 goes on", "composite.py")
      #expect(try sandbox.text(of: "composite.py").contains("import"))
      #expect(sandbox.names(in: "state/lrp").contains("tutor.yaml.broken"))

      let bad = try Journey(["tutor", "--lessons", "mine"], in: sandbox, shell: true)
      #expect(try bad.waitForShell(status: 1).contains("mine: no folder found"))
    }
  }
}
