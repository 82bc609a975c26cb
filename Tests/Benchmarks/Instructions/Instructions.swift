import ArgumentParser
import Foundation

/// Counts the instructions of small fixed cases and compares them with what is recorded.
///
/// A count is nearly the same on every run and every machine, however busy it is: one thread, no hashing seeds, and
/// valgrind shows every processor as the same one (a Haswell with AVX2, whose caches oneDNN fits its loops to). What is
/// left are the versions of oneDNN, libc and the Swift compiler; the tolerance is for them.
struct Instructions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count instructions of small fixed cases and compare them with the recorded ones.",
    discussion: """
      Needs valgrind. A count above its threshold fails; RECORD_INSTRUCTIONS=1 records what is found, and fails too, so that \
      nobody records by accident. Without valgrind or an x86-64 processor with AVX2 nothing is counted, and that is said.
      """)

  /// What is recorded beside this file.
  private struct Thresholds: Codable {
    /// How much more than recorded is let through, as a share.
    var tolerance: Double
    var instructions: [String: Int]
  }

  /// The copy that is run does not stand in the checkout.
  private static let assets = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("assets").path
  private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("thresholds.json").path

  func run() throws {
    guard let valgrind = Child.find("valgrind") else {
      show("SKIPPED: instructions were not counted, because there is no valgrind (apt-get install valgrind)")
      return
    }
    guard Machine.hasAVX2 else {
      show("SKIPPED: instructions were not counted, because the recorded ones are of x86-64 processors with AVX2")
      return
    }
    let program = try Self.withoutDebugInformation(Child.ownPath)
    defer { try? FileManager.default.removeItem(atPath: program) }
    let isRecording = ProcessInfo.processInfo.environment["RECORD_INSTRUCTIONS"] == "1"
    var recorded = try JSONDecoder().decode(Thresholds.self, from: Data(contentsOf: URL(fileURLWithPath: Self.path)))
    var problems: [String] = []
    for item in CountedCase.allCases {
      let count = try Self.count(item, of: program, valgrind: valgrind)
      let name = item.rawValue
      let known = recorded.instructions[name]
      let change = known.map { 100 * (Double(count) / Double($0) - 1) }
      show(Self.row(name, count, known, change))
      if isRecording {
        recorded.instructions[name] = count
      } else if let known {
        let threshold = Int(Double(known) * (1 + recorded.tolerance))
        if count > threshold {
          problems.append(
            "'\(name)' takes \(count) instructions, at most \(threshold) expected (recorded \(known)); make it faster "
              + "again, or record with RECORD_INSTRUCTIONS=1 make check-instructions and say why")
        }
      } else {
        problems.append("'\(name)' has no recorded count; record it with RECORD_INSTRUCTIONS=1 make check-instructions")
      }
    }
    if isRecording {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try (encoder.encode(recorded) + Data("\n".utf8)).write(to: URL(fileURLWithPath: Self.path), options: .atomic)
      problems.append("recorded to \(Self.path); run again without RECORD_INSTRUCTIONS")
    }
    guard problems.isEmpty else {
      for problem in problems { FileHandle.standardError.write(Data("error: \(problem)\n".utf8)) }
      throw ExitCode.failure
    }
  }

  private static func row(_ name: String, _ count: Int, _ known: Int?, _ change: Double?) -> String {
    let cells = [
      name.padding(toLength: 14, withPad: " ", startingAt: 0), "\(count) instructions",
      known.map { "recorded \($0)" } ?? "not recorded", change.map { String(format: "%+.2f %%", $0) } ?? "",
    ]
    return cells.joined(separator: "  ")
  }

  /// A copy of a program with its symbols only: older versions of valgrind give up on newer debug information.
  private static func withoutDebugInformation(_ program: String) throws -> String {
    let copy = NSTemporaryDirectory() + "lrp-instructions-\(UUID().uuidString)"
    guard let strip = Child.find("strip") ?? Child.find("llvm-strip") else {
      throw Child.Failure(description: "neither strip nor llvm-strip was found; install binutils")
    }
    _ = try Child.output(of: strip, ["-g", "-o", copy, program])
    return copy
  }

  /// The instructions of a case's second run.
  private static func count(_ item: CountedCase, of program: String, valgrind: String) throws -> Int {
    let log = NSTemporaryDirectory() + "lrp-instructions-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: log) }
    // Nothing of the environment that could change what is run.
    let environment = [
      "OMP_NUM_THREADS": "1", "ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2",
      "OMP_WAIT_POLICY": "passive", "SWIFT_DETERMINISTIC_HASHING": "1", "LRP_ASSETS": assets, "LC_ALL": "C.UTF-8",
      "TERM": "xterm-256color",
    ]
    let arguments = [
      "--tool=callgrind", "--collect-atstart=no", "--toggle-collect=\(CountedRun.symbol)", "--log-file=\(log)",
      "--callgrind-out-file=/dev/null", program, "counted-run", item.rawValue,
    ]
    let report: String
    do {
      _ = try Child.output(of: valgrind, arguments, environment: environment)
      report = try String(contentsOfFile: log, encoding: .utf8)
    } catch {
      let log = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      throw Child.Failure(description: "callgrind could not run '\(item.rawValue)': \(error)\n\(log)")
    }
    let line = report.split(separator: "\n").first { $0.contains("Collected :") }
    guard let count = line.flatMap({ Int($0.split(separator: " ").last ?? "") }), count > 0 else {
      throw Child.Failure(description: "callgrind counted nothing for '\(item.rawValue)':\n\(report)")
    }
    return count
  }
}
