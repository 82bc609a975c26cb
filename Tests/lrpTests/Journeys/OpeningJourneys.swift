import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// What is seen first, compared with what the command line computes.
  @Suite struct Opening {
    @Test func theEmbeddedModelExplainsTheCatInExactColours() throws {
      let journey = try Journey([])
      let screen = try journey.waitForHeatmap("epsilon_gamma_box")
      #expect(screen.line(0).contains("efficientnet_lite0 · chelsea.png"))
      #expect(screen.contains("Egyptian cat") && screen.contains("tiger cat") && screen.contains("blocks.0.depthwise"))

      let image = try #require(screen.image)
      let reference = try journey.sandbox.run(
        [
          "attribute", "--model", "efficientnet_lite0", "--input", Sandbox.assets + "/images/chelsea.png", "--output",
          journey.sandbox.file("r.npy"),
        ])
      try #require(reference.status == 0, "\(reference.output)")
      #expect(image.pixels == (try image.expected(relevance: journey.sandbox.file("r.npy"))))
      #expect(Set(image.pixels.map { "\($0)" }).count > 40, "a real heatmap has many colours")

      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 60)])
    func everySizeShowsTheSameRelevance(_ width: Int, _ height: Int) throws {
      let arguments = ["--composite", "epsilon_plus", "--input", Sandbox.assets + "/images/fashion_sneaker.png"]
      let journey = try Journey(["--model", "fashion_mlp"] + arguments, width: width, height: height)
      let screen = try journey.waitForHeatmap("epsilon_plus")
      let image = try #require(screen.image)
      #expect(image.width == image.height, "positions are square")
      let reference = try journey.sandbox.run(
        ["attribute", "--model", "fashion_mlp"] + arguments + ["--output", journey.sandbox.file("r.npy")])
      try #require(reference.status == 0, "\(reference.output)")
      #expect(image.pixels == (try image.expected(relevance: journey.sandbox.file("r.npy"))))
    }
  }
}
