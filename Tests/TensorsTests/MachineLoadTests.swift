import Foundation
import Tensors
import Testing

/// The threads' way of waiting changes under load; what they compute must not.
@Suite struct MachineLoadTests {
  @Test func aBusyProcessIsSeen() async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "while kill -0 $PPID 2>/dev/null; do :; done"]  // Ends with the tests, however they end.
    try process.run()
    // Not `terminate()`: the child may have inherited a mask that blocks SIGTERM.
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    var isSeen = false
    for _ in 0..<500 where !isSeen {
      isSeen = MachineLoad.runningElsewhere > 0
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(isSeen)
  }

  @Test func workIsCompleteWhileThePolicyChanges() {
    let input = Tensor([1, 1 << 18], rowMajor: (0..<1 << 18).map { Float($0 % 1000) })
    for _ in 0..<20 {
      Parallelism.adaptToLoad(isBusy: true)
      #expect(input.map(Scaled(by: 2)).sum() == 2 * input.sum())
      Parallelism.adaptToLoad(isBusy: false)
      #expect(input.map(Scaled(by: 2)).sum() == 2 * input.sum())
    }
  }
}
