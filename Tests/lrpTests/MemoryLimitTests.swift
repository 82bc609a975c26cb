import Foundation
import Testing

/// The program under a limit to its memory: it does its work, or says in a sentence that it cannot. `LRP_MEMORY_SWEEP=1`
/// goes from 64 MB to 1 GB in steps of 20 MB, with larger models too.
@Suite(.serialized) struct MemoryLimitTests {
  private static let isWhole = ProcessInfo.processInfo.environment["LRP_MEMORY_SWEEP"] != nil

  /// Below this the system cannot even load the program's libraries, and says so itself, with status 127.
  private static let smallest = 145_000

  /// In kB, as `ulimit` counts.
  private static let limits =
    isWhole
    ? Array(stride(from: 64_000, through: 1_000_000, by: 20_000)) : [64_000, 145_000, 175_000, 230_000, 400_000]

  private static let commands = [
    "attribute --model fashion_vgg --input ASSETS/images/fashion_sneaker.png --output OUT/r.npy",
    "attribute --model efficientnet_lite0 --input ASSETS/images/chelsea.png --output OUT/r.png",
    "attribute --model efficientnet_lite0 --input ASSETS/images/chelsea.png --composite none --attributor smoothgrad"
      + " --iterations 4 --batch-size 4 --output OUT/r.npy",
    "explore --model efficientnet_lite0 --input ASSETS/images/chelsea.png",
  ]

  private static let larger = [
    "attribute --model vgg16 --input ASSETS/images/chelsea.png --output OUT/r.npy",
    "attribute --model resnet50 --input ASSETS/images/chelsea.png --composite epsilon_alpha2_beta1 --output OUT/r.npy",
    "layers --model densenet121",
  ]

  private struct Run {
    let status: Int32
    let wasKilled: Bool
    let errors: String
  }

  private func run(_ command: String, kilobytes: Int, in folder: String) throws -> Run {
    let words = command.replacing("ASSETS", with: Program.asset("").dropLast()).replacing("OUT", with: folder)
    let result = try Program.run(
      ["-c", "ulimit -v \(kilobytes); exec \"$0\" \(words)", Program.path], program: "/bin/sh")
    return Run(status: result.status, wasKilled: result.wasKilled, errors: result.errors)
  }

  @Test(arguments: isWhole ? commands + larger : commands) func neverCrashes(_ command: String) throws {
    let scratch = try Scratch()
    var seen: Set<Int32> = []
    for kilobytes in Self.limits {
      let run = try run(command, kilobytes: kilobytes, in: scratch.folder)
      if run.status == 127, kilobytes < Self.smallest {
        #expect(run.errors.contains("error while loading shared libraries"))
        continue
      }
      seen.insert(run.status)
      #expect(!run.wasKilled && [0, 1].contains(run.status), "\(kilobytes): status \(run.status)\n\(run.errors)")
      guard run.status == 1 else { continue }
      let isSaid = ["'ulimit -v' allow", "Cannot allocate memory"].contains(where: run.errors.contains)
      #expect(isSaid && run.errors.contains("Error: "), "\(kilobytes): \(run.errors)")
    }
    #expect(!seen.isEmpty)
  }

  /// What does not fit is told before it is computed, with what would.
  @Test func whatDoesNotFitIsToldBefore() throws {
    let scratch = try Scratch()
    let command =
      "attribute --model vgg16 --input ASSETS/images/chelsea.png --output OUT/r.npy"
    let run = try run(command, kilobytes: 600_000, in: scratch.folder)
    #expect(run.status == 1 && !FileManager.default.fileExists(atPath: scratch.path("r.npy")))
    #expect(run.errors.contains("needs about") && run.errors.contains("that 'ulimit -v' allows"), "\(run.errors)")
  }
}
