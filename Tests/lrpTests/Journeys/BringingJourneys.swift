import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// What a folder, a composite file or a comparison brings along: something of it is missing, of another model, or weak.
  @Suite struct WhatPeopleBring {
    /// A folder with pictures that can be read, one that is no picture, and one that is cut off.
    private func folder(_ sandbox: Sandbox) throws {
      try FileManager.default.createDirectory(atPath: sandbox.file("pictures"), withIntermediateDirectories: true)
      for (name, picture) in [("b.png", "fashion_sneaker.png"), ("d.png", "fashion_bag.png")] {
        try FileManager.default.copyItem(
          atPath: Sandbox.assets + "/images/" + picture, toPath: sandbox.file("pictures/" + name))
      }
      try sandbox.write("no picture", to: "pictures/a.png")
      try Data(contentsOf: URL(fileURLWithPath: Sandbox.assets + "/images/fashion_shirt.png")).prefix(60)
        .write(to: URL(fileURLWithPath: sandbox.file("pictures/c.png")))
    }

    @Test func damagedAndVanishedPicturesArePassedOver() throws {
      let sandbox = try Sandbox()
      try folder(sandbox)
      let journey = try Journey(["--model", "fashion_vgg", "--input", "pictures"], in: sandbox)
      try journey.wait("the first that can be read is shown, the one before it named") { screen in
        screen.line(0).contains("fashion_vgg · b.png") && screen.contains("a.png") && screen.contains("; passed")
      }
      try journey.press("]")
      try journey.wait("c.png is passed over") { screen in
        screen.line(0).contains("fashion_vgg · d.png") && screen.line(0).contains(" ✓ ") && screen.contains("c.png")
          && screen.contains("; passed")
      }
      try FileManager.default.removeItem(atPath: sandbox.file("pictures/b.png"))
      try journey.press("[")
      // c.png, b.png and a.png are passed over; the list goes round.
      try journey.wait("b.png has vanished") { screen in
        screen.line(0).contains("fashion_vgg · ") && !screen.line(0).contains("d.png") && screen.line(0).contains(" ✓ ")
      }
      try journey.press("Escape", "q")
      #expect(try journey.waitForExit() == 0)

      try FileManager.default.removeItem(atPath: sandbox.file("pictures/d.png"))
      let none = try Journey(["--model", "fashion_vgg", "--input", "pictures"], in: sandbox)
      #expect(try none.waitForExit() == 1)
      let text = try none.terminal.history().replacing("\n", with: "")
      #expect(text.contains("none of the 2 pictures of this folder can be read: "), "\(text)")
    }

    @Test func theModelOfACompositeFileIsOpened() throws {
      let sandbox = try Sandbox()
      try sandbox.write(
        "version: 1\nmodel: fashion_vgg\nname_map:\n  - {names: [features.0], rule: Flat}\n", to: "mine.yaml")
      let journey = try Journey(["--composite", "mine.yaml"], in: sandbox)
      let screen = try journey.waitForHeatmap("mine.yaml")
      #expect(screen.line(0).contains("fashion_vgg") && screen.contains("Flat"))
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }

    @Test func aFinishedStepKeepsItsNumbers() throws {
      let journey = try Journey(["tutor", "6.2"])
      func arrived(_ screen: CapturedScreen) -> String? {
        screen.text.replacing("\n", with: " ").firstMatch(of: /doubles it\.\s+(\S+ %)/).map { String($0.1) }
      }
      try journey.wait(for: "6.2 Unhooked additions", "ResidualSums is on")
      try journey.press("F4")
      let done = try journey.wait("6.2 is done", isSettled: true) { $0.contains("✓ done") && arrived($0) != nil }
      let share = try #require(arrived(done))
      try journey.press("F2")
      try journey.wait(for: "6.3 Repair it")
      try journey.press("F4")
      try journey.wait(for: "✓ done", "Each addition now shares")
      try journey.press("F3")
      let again = try journey.wait("6.2 is read again", isSettled: true) { arrived($0) != nil }
      #expect(arrived(again) == share, "\(again.text)")
    }

    @Test func aLessonSpeaksOfThePictureShown() throws {
      let journey = try Journey(["tutor", "1.4"])
      try journey.wait(for: "1.4 Back to the strongest", "not the most probable class")
      try journey.press("4", "Home", "Enter")
      try journey.wait(for: "✓ done", "Egyptian cat again")
      try journey.press("F2")
      try journey.wait(for: "1.5 Another picture", "still the same picture")
      try journey.press("]")
      // The cat is still explained, in a cup of coffee: nothing is said of it.
      let screen = try journey.wait(for: "coffee.png", "not the most probable class")
      #expect(!screen.contains("Now it says"))
      try journey.press("t", "Home", "Enter")
      let done = try journey.wait(for: "✓ done", "Now it says")
      #expect(!done.contains("says Egyptian cat"))
    }

    @Test func aComparisonIsOfOnePictureAndOneClass() throws {
      let journey = try Journey(width: 200, height: 60)
      let first = try journey.waitForHeatmap().line(0).firstMatch(of: /· (\S+)/)?.1 ?? "no input"
      try journey.press("c")
      try journey.wait(for: "B−A: Σ 0.0000")
      try journey.press("]")
      // A and B are one composite: whatever is explained, nothing is between them.
      let screen = try journey.wait("both are of the next picture", isSettled: true) { screen in
        screen.line(0).contains(" ✓ ") && !screen.line(0).contains(first)
          && screen.contains("B−A: Σ 0.0000")
      }
      let sums = screen.text.matches(of: /[AB]: Σ (-?[0-9.]+)/).map { String($0.1) }
      #expect(sums.count >= 2 && sums[0] == sums[1], "\(sums)")
      try journey.press("t", "Down", "Down", "Enter")
      try journey.wait("both are of the next class", isSettled: true) { other in
        let others = other.text.matches(of: /[AB]: Σ (-?[0-9.]+)/).map { String($0.1) }
        return other.line(0).contains(" ✓ ") && others.count >= 2 && others[0] == others[1] && others[0] != sums[0]
      }
    }

    @Test func aMuchWeakerAIsSeen() throws {
      let journey = try Journey()
      try journey.waitForHeatmap("epsilon_gamma_box")
      try journey.press("c")
      try journey.wait(for: "B−A")
      try journey.press("p", "End", "Enter")
      try journey.waitForHeatmap("gradient")
      try journey.press("Escape")
      try journey.wait(for: "times weaker (L: one scale)", "L scales")
      try journey.press("L")
      try journey.wait(for: "R/px")
      try journey.press("L")
      try journey.wait(for: "times weaker (L: one scale)")
    }
  }
}
