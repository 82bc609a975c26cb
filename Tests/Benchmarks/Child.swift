import Foundation

/// Programs that are run for a measurement.
enum Child {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// This program.
  static let ownPath =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]

  /// What a program writes to standard output, or to standard error.
  /// - Throws: ``Failure`` if it does not end with status 0.
  static func output(
    of program: String, _ arguments: [String], environment: [String: String] = [:], errors: Bool = false
  ) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    if errors {
      process.standardError = output
      process.standardOutput = FileHandle.nullDevice
    } else {
      process.standardOutput = output
    }
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        description: "\(([program] + arguments).joined(separator: " ")): ended with status \(process.terminationStatus)"
      )
    }
    return data
  }

  /// Where a program is in `PATH`; `nil` if it is not.
  static func find(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
