import Foundation

/// The real program, run as a user runs it.
enum Program {
  struct Result {
    let status: Int32
    let wasKilled: Bool
    let output: String
    let errors: String
  }

  /// The checkout these tests belong to.
  static let checkout = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static func asset(_ name: String) -> String { "\(checkout)/assets/\(name)" }
  static func fixture(_ name: String) -> String { "\(checkout)/Tests/Fixtures/\(name)" }

  /// The program stands beside the test bundle, in the folder of the build.
  static let path: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let candidates = [own, CommandLine.arguments.first ?? ""].map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("lrp").path
    }
    return (candidates + ["\(checkout)/.build/release/lrp", "\(checkout)/.build/debug/lrp"])
      .first { FileManager.default.isExecutableFile(atPath: $0) } ?? "lrp"
  }()

  /// Runs the program to its end.
  /// - Parameters:
  ///   - folder: where it runs.
  ///   - interruptedAfter: seconds after which it gets what control-C sends, or another signal.
  ///   - meanwhile: called once it runs, with the number of the process.
  static func run(
    _ arguments: [String], in folder: String = NSTemporaryDirectory(), environment: [String: String] = [:],
    interruptedAfter delay: Double? = nil, by signal: Int32 = SIGINT, program: String = path,
    meanwhile: (pid_t) throws -> Void = { _ in }
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var variables = ProcessInfo.processInfo.environment
    for name in ["NO_COLOR", "COLUMNS", "LRP_ASSETS"] { variables[name] = nil }
    // Models that whoever runs the tests has added are not there.
    variables["XDG_DATA_HOME"] = NSTemporaryDirectory() + "lrp-tests-no-data"
    variables["XDG_CONFIG_HOME"] = NSTemporaryDirectory() + "lrp-tests-no-config"
    process.environment = variables.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: nobody has to read while the program runs.
    let scratch = try Scratch()
    let files = try ["out", "err"].map { name in
      _ = FileManager.default.createFile(atPath: scratch.path(name), contents: nil)
      return try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.path(name)))
    }
    process.standardOutput = files[0]
    process.standardError = files[1]
    try process.run()
    if let delay {
      Thread.sleep(forTimeInterval: delay)
      kill(process.processIdentifier, signal)
    }
    try meanwhile(process.processIdentifier)
    // A program that hangs is a failure, not a test that never ends.
    let deadline = Date(timeIntervalSinceNow: 300)
    while process.isRunning {
      if Date() > deadline { kill(process.processIdentifier, SIGKILL) }
      Thread.sleep(forTimeInterval: 0.002)
    }
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
      output: try String(contentsOfFile: scratch.path("out"), encoding: .utf8),
      errors: try String(contentsOfFile: scratch.path("err"), encoding: .utf8))
  }
}

/// A folder that is removed when the value goes.
final class Scratch {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "lrp-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// All names in the folder, also hidden ones.
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }
}
