import ArgumentParser
import Foundation
import HostileFormats

/// Reads thousands of damaged files, each of which may give an error or something sound, but never a crash, more memory
/// than four times its size and a fixed allowance, or a wait.
///
/// Every file comes from the seed and its number alone: `lrp-hostile onnx --first 4711 --count 1` repeats one.
@main
struct Hostile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lrp-hostile", abstract: "Reads damaged files of a format and says what became of them.")

  @Argument(help: "The format; `list` names them.") var format: String
  @Option(help: "How many files.") var count = 1000
  @Option(help: "The number of the first one.") var first = 0
  @Option var seed: UInt64 = 20_261_128
  @Option(help: "Seconds of computing that one file may take; twelve times as long by the clock.") var seconds = 10
  @Option(help: "Keep the damaged files that fail in this folder.") var keep: String?
  @Option(help: "Read the files of this folder instead, as they are: those that fuzzing found something with.")
  var files: String?

  mutating func run() throws {
    if format == "list" { return print(try HostileFormat.all().map(\.name).joined(separator: "\n")) }
    let format = try HostileFormat.named(format)
    var trial = try Trial(format)
    defer { trial.end() }
    LastWords.prepare(format: format.name)
    if let files {
      let names = try FileManager.default.contentsOfDirectory(atPath: files).sorted()
      for (number, name) in names.enumerated() {
        try read(Array(Data(contentsOf: URL(fileURLWithPath: "\(files)/\(name)"))), number, called: name, &trial)
      }
    } else {
      for number in first..<first + count {
        var random = Random(seed: seed &+ UInt64(number) &* 0xD134_2543_DE82_EF95)
        try read(format.damaged(&random), number, called: "\(number)", &trial)
      }
    }
    print(trial.summary)
    let isDull = files == nil && count >= 1000 && trial.sound == 0
    if isDull { print("\(format.name): no file was sound; is what they are made of?") }
    if trial.failures > 0 || isDull { throw ExitCode.failure }
  }

  private func read(_ bytes: [UInt8], _ number: Int, called name: String, _ trial: inout Trial) throws {
    LastWords.number = Int32(truncatingIfNeeded: number)
    Self.limit(seconds)
    let problem = try trial.read(bytes)
    Self.limit(0)
    guard let problem else { return }
    print("\(format) \(name): \(problem)")
    guard let keep else { return }
    try FileManager.default.createDirectory(atPath: keep, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: "\(keep)/\(format)-\(name)"))
  }

  /// Signals end the program after so many seconds; 0 for never.
  private static func limit(_ seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
    alarm(UInt32(12 * seconds))
  }
}
