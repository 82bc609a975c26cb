import TerminalTesting
import Testing

extension Journeys {
  /// The four steps with the real numbers of a real network.
  @Suite struct Steps {
    @Test func fromTheLogitDown() throws {
      let journey = try Journey()
      try journey.waitForHeatmap("epsilon_gamma_box")
      try journey.press("End", "N")
      // What arrives at the last layer is the logit itself, at the class that is explained: 7, a sneaker.
      try journey.wait(for: "Four steps · classifier.3", "output unit 7", "strongest of the layer", "128 inputs")
      try journey.press("Space", "Space", "Space", "Space")
      try journey.wait(for: "Σ R_i", "stabilizer", "s = R_j / (z ± ε)", "R_i = a·c_i")
      // The strongest input is followed through dropout and ReLU to the unit that made it.
      try journey.press("Enter")
      try journey.wait(for: "Four steps · classifier.0 · Linear 1152→128")
      try journey.press("<")
      try journey.wait(for: "Four steps · features.8", "Gamma 0.25", "(w+γw⁺)", "row", "R_i, summed over channels")
      try journey.press("<", "<")
      try journey.wait(for: "Four steps · features.0", "ZBox", "Σ l·w⁺")
      try journey.press("Escape")
      try journey.waitForHeatmap("epsilon_gamma_box")
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }
  }
}
