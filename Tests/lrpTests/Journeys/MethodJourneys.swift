import TerminalTesting
import Testing

extension Journeys {
  /// Other ways to explain than one backward pass.
  @Suite struct Methods {
    @Test func smoothGradIsTriedTakenAndGivenUp() throws {
      let journey = try Journey()
      let before = try #require(try journey.waitForHeatmap().image)
      try journey.press("M")
      try journey.wait(for: "How to explain", "IntegratedGradients")
      try journey.press("j")
      let tried = try journey.waitForHeatmap("epsilon_gamma_box · SmoothGrad")
      #expect(tried.image?.pixels != before.pixels)
      try journey.press("Escape")
      try journey.wait("the heatmap is as before") { screen in
        screen.line(0).contains(" ✓ ") && !screen.line(0).contains("SmoothGrad") && screen.image == before
      }

      try journey.press("M", "j", "j", "Tab", "C-u")
      try journey.type("5")
      try journey.press("Enter")
      try journey.waitForHeatmap("IntegratedGradients")
      try journey.wait(for: "IntegratedGradients at input", "No ledger for IntegratedGradients: 5 passes")
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }
  }
}
