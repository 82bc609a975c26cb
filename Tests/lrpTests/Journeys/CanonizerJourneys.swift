import CompositeFiles
import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// What is rewritten before rules apply is a choice.
  @Suite struct Canonizers {
    @Test func oneIsSwitchedOffSavedAndOpenedAgain() throws {
      let sandbox = try Sandbox()
      try FileManager.default.copyItem(
        atPath: Program.fixture("formats/onnx/mobilenetv3_old.onnx"), toPath: sandbox.file("net.onnx"))
      let journey = try Journey(["--model", "net.onnx"], in: sandbox)
      try journey.waitForHeatmap()
      // The notice of the missing card takes a line of the heatmap's.
      try journey.press("Escape")
      let before = try #require(
        try journey.wait("the notice is gone", isSettled: true) { !$0.contains("without a card") && $0.image != nil }
          .image)
      try journey.press("B")
      try journey.wait(for: "[x] ResidualSums", "[x] SignalTakesAll", "Product → GatedProduct")
      try journey.type("gated")
      try journey.wait("letters search") { !$0.contains("[x] ResidualSums") }
      try journey.press("Space")
      try journey.wait("the heatmap follows") { screen in
        screen.contains("[ ] SignalTakesAll") && screen.contains("would change") && screen.line(0).contains(" ✓ ")
          && screen.image.map { $0.pixels != before.pixels } ?? false
      }
      try journey.press("Escape")
      try journey.wait("the heatmap is as before", isSettled: true) { screen in
        !screen.contains("SignalTakesAll") && screen.line(0).contains(" ✓ ") && screen.image == before
      }

      try journey.press("B")
      try journey.wait(for: "[x] SignalTakesAll")
      try journey.type("gated")
      try journey.press("Space", "Enter")
      let after = try #require(try journey.waitForHeatmap("* (1 edit)").image)
      #expect(after.pixels != before.pixels)
      try journey.press("s")
      try journey.wait(for: "Save the composite")
      try journey.press("C-u")
      try journey.type("mine.yaml")
      try journey.press("Enter")
      try journey.wait(for: "composite saved as mine.yaml")
      let document = try CompositeDocument(contentsOf: sandbox.file("mine.yaml"))
      let names = document.canonizers?.map(\.name) ?? []
      #expect(names.contains("ResidualSums") && !names.contains("SignalTakesAll"), "\(names)")
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)

      // The file has the choice: a new session begins with it, and its list says so.
      let again = try Journey(["--model", "net.onnx", "--composite", "mine.yaml"], in: sandbox)
      try again.waitForHeatmap("mine.yaml")
      try again.press("Escape")
      try again.wait("the saved choice gives the same heatmap", isSettled: true) { $0.image == after }
      try again.press("B")
      try again.wait(for: "[x] ResidualSums", "[ ] SignalTakesAll")
      // One after the other: sent together, a terminal means Alt and q.
      try again.press("Escape")
      try again.wait("the list is closed") { !$0.contains("SignalTakesAll") }
      try again.press("q")
      #expect(try again.waitForExit() == 0)
    }
  }
}
