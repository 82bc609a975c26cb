import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// A slow attribution does not stop the user.
  @Suite struct Cancelling {
    @Test func escapeCancelsAndTheInterfaceAnswersMeanwhile() throws {
      let journey = try Journey(["--model", "vgg16"])
      try journey.wait("the attribution runs, and a warning says what it is worth") { screen in
        screen.contains("vgg16 has random parameters") && Self.isRunning(screen)
      }
      // The cursor moves while it runs.
      try journey.press("j")
      try journey.wait(for: "Ledger · features.0")
      try cancel(journey)
      try journey.wait(for: "The attribution was cancelled; r runs it.")
      try journey.press("r")
      try journey.wait("it runs again", until: Self.isRunning)
      // A new edit supersedes the running attribution: one heatmap, that of the edit.
      try journey.press("d")
      try journey.waitForHeatmap("(1 edit)")
      try journey.press("u")
      try journey.wait("the older composite is explained again") { screen in
        screen.line(0).contains(" ✓ ") && !screen.line(0).contains("edit)")
      }
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }

    private static func isRunning(_ screen: CapturedScreen) -> Bool { screen.line(0).contains(" … ") }

    /// Esc; where the machine was quicker, once more.
    private func cancel(_ journey: Journey) throws {
      for _ in 1...10 {
        try journey.press("Escape")
        let screen = try journey.wait("the attribution ends") { screen in
          ["✗ cancelled", " ✓ "].contains { screen.line(0).contains($0) }
        }
        if screen.line(0).contains("✗ cancelled") { return }
        try journey.press("r")
      }
      Issue.record("the attribution was never cancelled")
    }
  }
}
