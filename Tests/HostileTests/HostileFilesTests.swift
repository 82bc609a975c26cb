import Foundation
import TerminalTesting
import Testing

/// Thousands of damaged files of every format that the program reads. Each gives an error that names the file, or
/// something sound, but never a crash, a wait of ten seconds, or more memory than four times the file's size and a fixed
/// allowance: `lrp-hostile`, a process of its own, counts what is allocated.
///
/// `LRP_HOSTILE_FILES=100000` reads so many of each instead.
@Suite(.serialized) struct HostileFilesTests {
  /// As many as together take some seconds.
  static let formats = [
    ("safetensors", 6000), ("pytorch", 6000), ("pytorch-legacy", 6000), ("onnx", 6000), ("onnx-run", 3000),
    ("npy", 6000), ("npz", 3000),
    ("onnx-bombs", 60), ("safetensors-bombs", 20), ("pickle-bombs", 20), ("yaml-bombs", 20),
    ("onnx-external", 300), ("weights", 3000), ("shard-index", 3000),
    ("card", 2000), ("labels", 2000), ("composite", 3000), ("colormap", 4000), ("script", 4000),
    ("configuration", 3000), ("lesson", 3000), ("progress", 2000), ("run-record", 2000), ("unsaved", 2000),
    ("png", 3000), ("jpeg", 3000), ("webp", 3000),
  ]

  @Test(arguments: formats) func errorOrSound(_ format: String, _ usual: Int) throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["LRP_HOSTILE_FILES"].flatMap { Int($0) } ?? usual
    let program = try TmuxSession.builtProduct("lrp-hostile")
    let run = try ChildProcess([program, format, "--count", "\(count)"], environment: environment)
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("\(format): \(count) files"))
  }

  /// Files that fuzzing (`make fuzz`) found something with, in `Tests/Fixtures/fuzz/FORMAT`.
  @Test(arguments: Self.found) func staysMended(_ format: String) throws {
    let run = try ChildProcess(
      [TmuxSession.builtProduct("lrp-hostile"), format, "--files", "\(Self.fuzzed)/\(format)"],
      environment: ProcessInfo.processInfo.environment)
    #expect(run.status == 0, "\(run.output)")
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(Self.fuzzed)/\(format)")
    #expect(run.output.contains("\(format): \(files.count) files"))
  }

  static let fuzzed = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/fuzz").path
  static let found = ((try? FileManager.default.contentsOfDirectory(atPath: fuzzed)) ?? []).sorted()

  @Test func everyFormatIsHere() throws {
    let list = try ChildProcess(
      [TmuxSession.builtProduct("lrp-hostile"), "list"], environment: ProcessInfo.processInfo.environment)
    #expect(list.output.split(separator: "\n").map(String.init) == Self.formats.map(\.0))
  }
}
