import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// A model of one's own, from its file to the explorer.
  @Suite struct OwnModels {
    @Test func anAddedModelIsInTheListAndOpens() throws {
      let sandbox = try Sandbox()
      let net = sandbox.file("net.onnx")
      try FileManager.default.copyItem(atPath: Program.fixture("formats/onnx/torch_new.onnx"), toPath: net)
      try sandbox.write("version: 1\nsummary: Mine from ONNX\nlabels: [cat, dog, cow]\n", to: "net.yaml")
      let added = try sandbox.run(["models", "add", net, "--name", "mine"])
      try #require(added.status == 0, "\(added.output)")

      let journey = try Journey(in: sandbox)
      try journey.waitForHeatmap()
      try journey.press("m")
      try journey.wait(for: "Models")
      try journey.type("mine")
      try journey.wait(for: "Mine from ONNX")
      try journey.press("Enter")
      let screen = try journey.wait("the model is open") { screen in
        screen.line(0).contains("mine") && screen.line(0).contains(" ✓ ")
      }
      #expect(screen.contains("layer1.0.conv1") && (screen.contains("cat") || screen.contains("cow")))
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }

    @Test func aFileOpensWithAWarning() throws {
      let sandbox = try Sandbox()
      let net = sandbox.file("net.onnx")
      try FileManager.default.copyItem(atPath: Program.fixture("formats/onnx/torch_new.onnx"), toPath: net)
      let journey = try Journey(["--model", net], in: sandbox)
      try journey.wait("the model is open, and what was guessed is said") { screen in
        screen.line(0).contains(" ✓ ") && screen.contains("without a card")
      }
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }
  }
}
