import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// What is done in the real program is written down, and played again by it.
  @Suite struct Recording {
    private func record(_ journey: Journey) throws -> HeatmapOnScreen {
      try journey.waitForHeatmap("epsilon_gamma_box")
      try journey.press("j", "Space", "j", "Space", "j", "Space")
      try journey.wait(for: "3 marked")
      try journey.press("Enter")
      try journey.wait(for: "Rule for 3 layers")
      try journey.press("k")
      try journey.type("0.5")
      try journey.press("Enter")
      return try #require(try journey.waitForHeatmap("epsilon_gamma_box* (1 edit)").image)
    }

    @Test func aRecordedSessionPlaysToTheSamePicture() throws {
      let journey = try Journey(["--model", "fashion_vgg", "--record", "demo.lrp"])
      let image = try record(journey)
      try journey.press("q")
      try journey.wait(for: "Unsaved edits")
      try journey.press("d")
      #expect(try journey.waitForExit() == 0)
      let sandbox = journey.sandbox
      let lines = try sandbox.text(of: "demo.lrp").split(separator: "\n").map(String.init)
      #expect(lines[1...2] == ["start --model fashion_vgg", "size 120x40"])
      #expect(lines.contains { $0.hasPrefix("type \"k0.5\"") && $0.contains("# Gamma 0.5") }, "\(lines)")

      // Nothing is replaced unasked.
      let refused = try Journey(["--record", "demo.lrp"], in: sandbox)
      #expect(try refused.waitForExit() == 1)
      #expect(try refused.terminal.history().contains("exists already"))

      // On the screen, without leaving at the end.
      try sandbox.write(lines.dropLast(2).joined(separator: "\n"), to: "stay.lrp")
      let played = try Journey(["--play", "stay.lrp", "--speed", "50"], in: sandbox)
      try played.wait(for: "played to the end", "explorer is yours")
      #expect(try played.waitForHeatmap("epsilon_gamma_box* (1 edit)").image == image)
      try played.press("u")
      try played.waitForHeatmap("epsilon_gamma_box")

      // To its very end, and without a terminal.
      let left = try Journey(["--play", "demo.lrp", "--speed", "50"], in: sandbox)
      #expect(try left.waitForExit() == 0)
      let batch = try sandbox.run(
        ["explore", "--play", sandbox.file("demo.lrp"), "--batch", "--screen", sandbox.file("screen.txt")])
      #expect(batch.status == 0, "\(batch.output)")
      #expect(try sandbox.text(of: "screen.txt").contains("epsilon_gamma_box* (1 edit)"))
    }

    @Test func aKilledRecordingCanBePlayed() throws {
      let journey = try Journey(["--model", "fashion_vgg", "--record", "demo.lrp"])
      _ = try record(journey)
      try journey.press("/")
      try journey.type("conv")
      try journey.wait(for: "conv")
      kill(try #require(try journey.terminal.processNumber()), SIGKILL)
      _ = try journey.waitForExit()
      let text = try journey.sandbox.text(of: "demo.lrp")
      #expect(text.hasSuffix("\n") && text.contains("type \"conv\""), "\(text)")
      let batch = try journey.sandbox.run(["explore", "--play", journey.sandbox.file("demo.lrp"), "--batch"])
      #expect(batch.status == 0, "\(batch.output)")
    }

    @Test func aRecordingThatFindsNoRoomSaysSoAndCanBePlayed() throws {
      let journey = try Journey(["--model", "fashion_vgg", "--record", "demo.lrp"], fileBlocks: 1)
      try journey.waitForHeatmap()
      for _ in 0..<12 { try journey.press("j", "k") }
      try journey.wait(for: "demo.lrp: the recording ends here")
      try journey.press("Escape")
      try journey.wait("the message is gone") { $0.line(39).contains("? help") }
      try journey.press("j", "d")
      try journey.waitForHeatmap("(1 edit)")
      let text = try journey.sandbox.text(of: "demo.lrp")
      #expect(text.hasSuffix("\n") && text.utf8.count <= 512, "\(text)")
      let batch = try journey.sandbox.run(["explore", "--play", journey.sandbox.file("demo.lrp"), "--batch"])
      #expect(batch.status == 0, "\(batch.output)")
    }

    @Test func aKeyStopsThePlayAndAMistakeIsShown() throws {
      let sandbox = try Sandbox()
      try sandbox.write(
        "start --model fashion_vgg\nwait ready\nsay \"Now watch the ledger.\"\npause 60\npress d\n", to: "slow.lrp")
      let slow = try Journey(["--play", "slow.lrp"], in: sandbox)
      try slow.wait(for: "Now watch the ledger.", "other keys stop")
      try slow.press("Space")
      try slow.wait(for: "halted")
      try slow.press("x")
      try slow.wait(for: "stopped at slow.lrp:")
      try slow.press("j", "d")
      try slow.waitForHeatmap("(1 edit)")

      try sandbox.write("start --model fashion_vgg\nwait ready\npress u\n", to: "wrong.lrp")
      let wrong = try Journey(["--play", "wrong.lrp"], in: sandbox)
      try wrong.wait(for: "wrong.lrp:3: press u:", "nothing to undo")
      try wrong.press("Escape")
      try wrong.wait("the message is gone") { $0.line(39).contains("? help") }
      try wrong.press("q")
      #expect(try wrong.waitForExit() == 1)
      #expect(try wrong.terminal.history().contains("wrong.lrp:3"))
    }

    /// The file of the open model is truncated or deleted. What is in memory already is used as it was; what would have
    /// to be read from the file is reported.
    @Test(arguments: [true, false]) func aModelFileThatGoesAwayIsSurvived(isTruncated: Bool) throws {
      let intact = try Journey()
      try intact.waitForHeatmap()
      try intact.press("j", "d")
      let image = try #require(try intact.waitForHeatmap("(1 edit)").image)

      let sandbox = try Sandbox()
      let weights = sandbox.file("w.safetensors")
      try FileManager.default.copyItem(atPath: Sandbox.assets + "/models/fashion_vgg.safetensors", toPath: weights)
      let journey = try Journey(["--model", "fashion_vgg", "--weights", "w.safetensors"], in: sandbox)
      try journey.waitForHeatmap()
      if isTruncated { truncate(weights, 5000) } else { unlink(weights) }
      try journey.press("j", "d")
      let screen = try journey.wait("the edit is explained, or the file is named", isSettled: true) { screen in
        let isExplained = screen.line(0).contains("(1 edit)") && screen.line(0).contains(" ✓ ") && screen.image != nil
        return isExplained || (isTruncated && screen.contains("w.safetensors: 5000 bytes found"))
      }
      if screen.line(0).contains(" ✓ ") { #expect(screen.image == image) }
      if !screen.line(39).contains("? help") {
        try journey.press("Escape")
        try journey.wait("the message is gone") { $0.line(39).contains("? help") }
      }
      try journey.press("q")
      try journey.wait(for: "Unsaved edits")
      try journey.press("d")
      #expect(try journey.waitForExit() == 0)
    }
  }
}
