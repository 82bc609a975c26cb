import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// Ways to look at one explanation: blocks folded, two classes side by side, as the configuration says.
  @Suite struct Views {
    @Test func blocksFoldAndTakeARuleAsAWhole() throws {
      let journey = try Journey()
      try journey.waitForHeatmap("epsilon_gamma_box")
      try journey.press("F")
      try journey.wait(for: "▸", "features (")
      try journey.press("j", "d")
      try journey.waitForHeatmap("epsilon_gamma_box* (1 edit)")
      try journey.wait(for: "Ledger · features (")
      try journey.press("Right")
      let open = try journey.wait("the block is open, its layers have no rule") { screen in
        screen.contains("features.0") && !screen.contains("features (") && screen.contains("gradient")
      }
      #expect(!open.contains("Gamma 0.25"))
      // The sign in front of a block's first layer closes it.
      try journey.terminal.click(x: 2, y: 4)
      try journey.wait(for: "features (")
      try journey.press("u", "q")
      #expect(try journey.waitForExit() == 0)
    }

    @Test func twoClassesSideBySide() throws {
      let journey = try Journey()
      try journey.waitForHeatmap()
      try journey.press("T")
      try journey.wait(for: "Compare with which class?")
      try journey.press("Enter")
      try journey.wait("three heatmaps on one scale", isSettled: true) { screen in
        screen.line(0).contains(" vs ") && screen.line(0).contains(" ✓ ") && screen.contains("1−2")
      }
      try journey.press("x")
      try journey.wait("one alone") { !$0.contains("1−2") && $0.contains("1: Σ") }
      try journey.press("T", "Home", "Enter")
      try journey.wait("one class again") { !$0.line(0).contains(" vs ") }
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }

    @Test func theConfigurationHolds() throws {
      let sandbox = try Sandbox()
      try FileManager.default.createDirectory(
        atPath: sandbox.file("config/lrp"), withIntermediateDirectories: true)
      try sandbox.write(
        "model: fashion_mlp\ncolor_map: hot\npercentile: 95\nmouse: false\nthreads: 1\n", to: "config/lrp/config.yaml")
      let journey = try Journey([], in: sandbox)
      let screen = try journey.waitForHeatmap()
      #expect(screen.line(0).contains("fashion_mlp") && screen.contains("±p95 · hot"))
      #expect(try journey.terminal.value(of: "#{mouse_any_flag}") == "0")
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }
  }
}
