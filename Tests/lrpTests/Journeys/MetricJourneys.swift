import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// Explanations are judged: curves and rectangles.
  @Suite struct Metrics {
    @Test func curvesAreComputedAndSaved() throws {
      let journey = try Journey()
      try journey.waitForHeatmap()
      try journey.press("c")
      try journey.press("p")
      try journey.wait(for: "Preset for the whole network")
      try journey.press("Up", "Enter")
      try journey.waitForHeatmap("epsilon_alpha2_beta1_flat")
      try journey.press("P")
      let screen = try journey.wait("three curves are there") { screen in
        ["A      under", "B      under", "random under"].allSatisfy(screen.contains)
      }
      // Braille dots.
      #expect(screen.text.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
      try journey.press("w")
      try journey.wait(for: "Save the pixel-flipping curves")
      try journey.press("C-u")
      try journey.type("curves.csv")
      try journey.press("Enter")
      try journey.wait(for: "curves.csv")
      try journey.wait("the file is there") { _ in journey.sandbox.names(in: "").contains("curves.csv") }
      let lines = try journey.sandbox.text(of: "curves.csv").split(separator: "\n")
      #expect(lines[0] == "order,fraction,logit,probability")
      // What the explorer computes is what the command computes.
      let command = try journey.sandbox.run([
        "evaluate", "--model", "fashion_vgg", "--input", Sandbox.assets + "/images/fashion_sneaker.png",
        "--composite", "epsilon_alpha2_beta1_flat", "--steps", "40", "--output", journey.sandbox.file("b.csv"),
      ])
      try #require(command.status == 0, "\(command.output)")
      func numbers(_ lines: [Substring], _ order: String) -> [Double] {
        lines.filter { $0.hasPrefix(order) }.compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
      }
      let own = numbers(lines, "B ")
      let other = try numbers(
        journey.sandbox.text(of: "b.csv").split(separator: "\n"), "epsilon_alpha2_beta1_flat")
      #expect(own.count == other.count && own.count > 10)
      for (a, b) in zip(own, other) { #expect(abs(a - b) < 1e-4) }
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }

    /// A session with a file of weights that may be overwritten.
    private static func ownWeights() throws -> (Journey, String) {
      let sandbox = try Sandbox()
      let weights = sandbox.file("weights.safetensors")
      try FloatWeights.copy("fashion_vgg", to: weights)
      let journey = try Journey(["--model", "fashion_vgg", "--weights", weights], in: sandbox)
      try journey.waitForHeatmap()
      return (journey, weights)
    }

    /// Neither curves nor steps are computed with what is left of a file.
    @Test(arguments: ["P", "N"]) func overwrittenWeightsAreNoticed(_ key: String) throws {
      let (journey, weights) = try Self.ownWeights()
      try journey.press("j")
      #expect(truncate(weights, 1000) == 0)
      try journey.press(key)
      try journey.wait(for: "weights.safetensors", "1000 bytes found")
    }

    /// What becomes of a model's file concerns nobody once another model is open.
    @Test func weightsOfAModelThatIsClosedMayBeOverwritten() throws {
      let (journey, weights) = try Self.ownWeights()
      try journey.press("m")
      try journey.type("fashion_mlp")
      try journey.press("Enter")
      try journey.wait(for: "fashion_mlp ·", " ✓ ")
      #expect(truncate(weights, 1000) == 0)
      try journey.press("j", "d")
      try journey.waitForHeatmap("(1 edit)")
      try journey.press("u", "m")
      try journey.type("fashion_vgg")
      try journey.press("Enter")
      try journey.wait(for: "weights.safetensors: ")
    }

    @Test func aRectangleShowsItsShare() throws {
      let journey = try Journey()
      try journey.waitForHeatmap()
      try journey.press("3", "R", "l", "l", "l", "j", "j", "R")
      try journey.wait(for: "of px): R⁺ ")
      try journey.press("R")
      try journey.wait("the rectangle is gone") { !$0.contains("of px)") }
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }
  }
}
