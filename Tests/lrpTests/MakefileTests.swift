import Foundation
import Testing

/// What was built is not built again without a reason.
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

  /// With two traits of a package, SwiftPM's compiler options would be in one order now and in the other the next time.
  @Test func noDependencyHasTraits() throws {
    let manifest = try String(contentsOfFile: Program.checkout + "/Package.swift", encoding: .utf8)
    let dependencies = manifest.split(separator: "\n").filter { $0.contains(".package(url:") }
    #expect(dependencies.count == 3)
    let withTraits = dependencies.filter { $0.contains("swift-protobuf") }
    #expect(withTraits.count == 1 && withTraits.allSatisfy { $0.contains("traits: []") })
  }
}
