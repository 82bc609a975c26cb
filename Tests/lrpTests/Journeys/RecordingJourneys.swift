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
        ["explore", "--play", sandbox.file("demo.lrp"), "--batch", "--output", sandbox.file("screen.txt")])
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

    /// The file of the open model is truncated, then deleted: shown, survived, and mended by opening it again.
    @Test func aModelFileThatGoesAwayIsSurvived() throws {
      let sandbox = try Sandbox()
      let weights = sandbox.file("w.safetensors")
      let original = try Data(contentsOf: URL(fileURLWithPath: Sandbox.assets + "/models/fashion_vgg.safetensors"))
      try original.write(to: URL(fileURLWithPath: weights))
      let journey = try Journey(["--model", "fashion_vgg", "--weights", "w.safetensors"], in: sandbox)
      let image = try #require(try journey.waitForHeatmap().image)
      truncate(weights, 5000)
      try journey.press("j", "d")
      try journey.wait(for: "w.safetensors: 5000 bytes found", "open it again", "✗ failed")
      try original.write(to: URL(fileURLWithPath: weights))
      try journey.press("Escape")
      try journey.wait("the message is gone") { $0.line(39).contains("? help") }
      try journey.press("u")
      try journey.wait(for: "w.safetensors", "✗ failed")
      try journey.press("Escape")
      try journey.wait("the message is gone") { $0.line(39).contains("? help") }
      try journey.press("m")
      try journey.wait(for: "type to search")
      try journey.press("Enter")
      try journey.wait("the model is open again") { $0.line(0).contains(" ✓ ") && $0.image == image }
      // A file that is deleted is still there for those who have it open.
      unlink(weights)
      try journey.press("j", "d")
      try journey.waitForHeatmap("(1 edit)")
      try journey.press("q")
      try journey.wait(for: "Unsaved edits")
      try journey.press("d")
      #expect(try journey.waitForExit() == 0)
    }
  }
}
