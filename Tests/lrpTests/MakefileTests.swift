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

  /// Where there is no toolchain, or an old one, the message has the commands that install a right one.
  @Test(arguments: [
    ("6.0.3", "debian", "13", "Swift 6.0.3 found", " --platform debian12"),
    ("5.10", "ubuntu", "24.04", "Swift 5.10 found", "--skip-install\n"),
    ("", "debian", "12", "no Swift toolchain found", "--skip-install\n"),
    ("6.1", "debian", "13", "", ""), ("6.10.1", "debian", "12", "", ""),
  ])
  func toolchainsAreFetched(_ version: String, _ system: String, _ release: String, _ found: String, _ command: String)
    throws
  {
    let scratch = try Scratch()
    let swift = try scratch.write("#!/bin/sh\necho 'Swift version \(version) (swift-RELEASE)'\n", to: "swift")
    if !version.isEmpty { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: swift) }
    let names = try scratch.write("ID=\(system)\nVERSION_ID=\"\(release)\"\n", to: "os-release")
    let result = try Program.run(
      ["-c", "exec make --no-print-directory check-toolchain SWIFT=\(swift) OS_RELEASE=\(names)"], in: Program.checkout,
      environment: ["MAKEFLAGS": ""], program: "/bin/sh")
    if found.isEmpty {
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    } else {
      #expect(result.status != 0 && result.errors.contains(found), "\(result.errors)")
      for line in ["download.swift.org/swiftly/linux/swiftly-$(uname -m).tar.gz", command, "swiftly install --use 6."] {
        #expect(result.errors.contains(line), "\(result.errors)")
      }
    }
  }

  /// Installing compiles nothing and needs no toolchain afterwards: the program has the runtime beside it, and looks for it
  /// nowhere else.
  @Test func whatIsInstalledStandsOnItsOwn() throws {
    let scratch = try Scratch()
    try #require(FileManager.default.isExecutableFile(atPath: Program.checkout + "/.build/release/lrp"))
    func make(_ goal: String) throws -> Program.Result {
      // With no toolchain, what is built is installed as it is.
      try Program.run(
        [
          "-c", "exec make --no-print-directory \(goal) SWIFT=no-swift PREFIX=/opt/lrp DESTDIR=\(scratch.path("root"))",
        ],
        in: Program.checkout, environment: ["MAKEFLAGS": ""], program: "/bin/sh")
    }
    let installed = try make("install")
    #expect(installed.status == 0, "\(installed.errors)")
    let prefix = scratch.path("root/opt/lrp")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: prefix + "/bin/lrp") == "../lib/lrp/lrp")
    let libraries = try Program.run([prefix + "/lib/lrp/lrp"], program: "/usr/bin/ldd")
    let swift = libraries.output.split(separator: "\n").filter { $0.contains("libswift") || $0.contains("Foundation") }
    #expect(swift.count > 5)
    for line in swift { #expect(line.contains(prefix + "/lib/lrp/"), "\(line)") }
    let run = try Program.run(["layers", "--model", "fashion_mlp"], program: prefix + "/bin/lrp")
    #expect(run.status == 0 && run.output.contains("classifier.4"), "\(run.errors)")
    let removed = try make("uninstall")
    #expect(removed.status == 0)
    let rest = FileManager.default.enumerator(atPath: prefix)?.allObjects.compactMap { $0 as? String } ?? []
    #expect(rest.filter { $0.contains("lrp") }.isEmpty, "\(rest)")
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
