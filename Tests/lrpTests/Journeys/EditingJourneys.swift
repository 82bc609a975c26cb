import CompositeFiles
import Foundation
import LRP
import TerminalTesting
import Testing

extension Journeys {
  /// The loop the explorer is for: mark layers, give them a rule, see the heatmap change, keep the composite.
  @Suite struct Editing {
    @Test func threeLayersGetAnotherGammaAndAreSaved() throws {
      let journey = try Journey()
      let before = try #require(try journey.waitForHeatmap("epsilon_gamma_box").image)

      // The three convolutions: space marks and moves on, j passes a pooling.
      try journey.press("j", "Space", "j", "Space", "j", "Space")
      try journey.wait(for: "3 marked")
      try journey.press("Enter")
      try journey.wait(for: "Rule for 3 layers")
      try journey.press("k")
      try journey.wait("Gamma is offered with its default") { screen in
        screen.rows.indices.contains { screen.line($0).contains("│ gamma        0.25") }
      }
      try journey.type("0.5")
      try journey.wait("the heatmap follows what is typed") { screen in
        screen.rows.indices.contains { screen.line($0).contains("│ gamma        0.5 ") }
          && screen.line(0).contains(" ✓ ") && screen.image.map { $0.pixels != before.pixels } ?? false
      }
      try journey.press("Enter")
      let screen = try journey.waitForHeatmap("epsilon_gamma_box* (1 edit)")
      let after = try #require(screen.image)
      #expect(after.pixels != before.pixels)
      #expect((0..<40).filter { screen.line($0).contains("Gamma 0.5") }.count >= 3)

      try save(journey, as: "mine.yaml")
      try checkFile(journey.sandbox, image: after)
      try savingAgainAsks(journey)
      try leavingWithEditsAsks(journey)

      // The same file in a new session gives the same picture, and there is nothing to be asked when leaving.
      let again = try Journey(["--model", "fashion_vgg", "--composite", "mine.yaml"], in: journey.sandbox)
      #expect(try again.waitForHeatmap("mine.yaml").image == after)
      try again.press("q")
      #expect(try again.waitForExit() == 0)
    }

    private func save(_ journey: Journey, as name: String) throws {
      try journey.press("s")
      try journey.wait(for: "Save the composite")
      try journey.press("C-u")
      try journey.type(name)
      try journey.press("Enter")
      try journey.wait(for: "composite saved as \(name)")
    }

    /// The file names every layer with its rule, and the command line computes the same relevance from it.
    private func checkFile(_ sandbox: Sandbox, image: HeatmapOnScreen) throws {
      let document = try CompositeDocument(contentsOf: sandbox.file("mine.yaml"))
      #expect(document.model == "fashion_vgg" && document.warnings.isEmpty)
      var rules: [String: any Rule] = [:]
      for entry in document.nameMap { for name in entry.names { rules[name] = entry.rule } }
      for name in ["features.0", "features.4", "features.8"] {
        let rule = try #require(rules[name], "\(name) has no rule")
        #expect(rule.name == "Gamma")
        #expect(rule.parameters.first { $0.name == "gamma" }?.value == .number(0.5))
      }
      #expect(rules["classifier.0"]?.name == "Epsilon" && rules["classifier.3"]?.name == "Epsilon")

      let check = try sandbox.run(["composite", "check", sandbox.file("mine.yaml"), "--model", "fashion_vgg"])
      #expect(check.status == 0, "\(check.output)")
      let reference = try sandbox.run(
        [
          "attribute", "--model", "fashion_vgg", "--composite", sandbox.file("mine.yaml"), "--input",
          Sandbox.assets + "/images/fashion_sneaker.png", "--output", sandbox.file("r.npy"),
        ])
      try #require(reference.status == 0, "\(reference.output)")
      #expect(image.pixels == (try image.expected(relevance: sandbox.file("r.npy"))))
    }

    private func savingAgainAsks(_ journey: Journey) throws {
      try "# mine".write(toFile: journey.sandbox.file("other.yaml"), atomically: true, encoding: .utf8)
      try journey.press("s")
      try journey.wait(for: "Save the composite")
      try journey.press("C-u")
      try journey.type("other.yaml")
      try journey.press("Enter")
      try journey.wait(for: "Replace the file?", "other.yaml exists already")
      #expect(try journey.sandbox.text(of: "other.yaml") == "# mine")
      try journey.press("Escape")
      try journey.wait("the question is gone") { !$0.contains("Replace the file?") }
      #expect(try journey.sandbox.text(of: "other.yaml") == "# mine")
    }

    private func leavingWithEditsAsks(_ journey: Journey) throws {
      try journey.press("d")
      try journey.waitForHeatmap("(1 edit)")
      try journey.wait("the edit is kept for a crash") { _ in !journey.sandbox.names(in: "state/lrp").isEmpty }
      try journey.press("q")
      try journey.wait(for: "Unsaved edits")
      try journey.press("Escape")
      try journey.wait("the question is gone") { !$0.contains("Unsaved edits") }
      try journey.press("q")
      try journey.wait(for: "Unsaved edits")
      try journey.press("d")
      #expect(try journey.waitForExit() == 0)
      #expect(journey.sandbox.names(in: "state/lrp") == [])
    }

    @Test func undoBringsTheOldPictureBack() throws {
      let journey = try Journey()
      let before = try #require(try journey.waitForHeatmap().image)
      try journey.press("p")
      try journey.wait(for: "Preset for the whole network")
      try journey.press("Up")
      try journey.press("Enter")
      let after = try #require(try journey.waitForHeatmap("epsilon_alpha2_beta1_flat").image)
      #expect(after.pixels != before.pixels)
      try journey.press("u")
      try journey.wait("the first heatmap is back") { $0.line(0).contains(" ✓ ") && $0.image == before }
      try journey.press("C-r")
      try journey.wait("the second heatmap is back") { $0.line(0).contains(" ✓ ") && $0.image == after }
    }
  }
}
