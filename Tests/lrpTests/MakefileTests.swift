import Foundation
import Testing

@Suite struct MakefileTests {
  /// SwiftPM compiles with other options for a terminal than for a pipe; what was compiled for one would be compiled anew
  /// for the other.
  @Test func whatIsBuiltForAPipeIsBuiltForATerminal() throws {
    let goals = ["run", "test", "benchmark", "check-instructions", "tour", "install"]
    let plan = try Program.run(
      ["-c", "exec make --no-print-directory -n SWIFT=swift \(goals.joined(separator: " "))"], in: Program.checkout,
      environment: ["MAKEFLAGS": ""],
      program: "/bin/sh")
    #expect(plan.status == 0, "\(plan.errors)")
    let builds = plan.output.split(separator: "\n").filter { $0.hasPrefix("swift ") }
    #expect(builds.count >= 6)
    for build in builds { #expect(build.contains(" --no-color-diagnostics "), "\(build)") }
  }
}
