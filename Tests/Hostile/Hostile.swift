import AllocationCounter
import ArgumentParser
import Foundation
import Tensors

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

  mutating func run() throws {
    let formats = try HostileFormat.all()
    if format == "list" { return print(formats.map(\.name).joined(separator: "\n")) }
    guard let chosen = formats.first(where: { $0.name == format }) else {
      throw ValidationError("no format '\(format)'; one of \(formats.map(\.name).joined(separator: ", ")) expected")
    }
    let folder = NSTemporaryDirectory() + "lrp-hostile-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, data) in chosen.companions { try data.write(to: URL(fileURLWithPath: folder + "/" + name)) }
    LastWords.prepare(format: chosen.name)
    var trial = Trial(format: chosen, path: folder + "/" + chosen.fileName)
    for number in first..<first + count {
      if let problem = try trial.run(number, seed: seed, seconds: seconds) {
        print("\(chosen.name) \(number): \(problem)")
        if let keep {
          try FileManager.default.createDirectory(atPath: keep, withIntermediateDirectories: true)
          try Data(contentsOf: URL(fileURLWithPath: trial.path))
            .write(to: URL(fileURLWithPath: "\(keep)/\(chosen.name)-\(number)-\(chosen.fileName)"))
        }
      }
    }
    print(trial.summary)
    if count >= 1000, trial.sound == 0 { print("\(chosen.name): no file was sound; is what they are made of?") }
    if trial.failures > 0 || (count >= 1000 && trial.sound == 0) { throw ExitCode.failure }
  }
}

/// What became of the files so far.
struct Trial {
  let format: HostileFormat
  let path: String
  private(set) var failures = 0
  private var total = 0
  private(set) var sound = 0
  private var largest = (bytes: 0, size: 0)
  private var longest = 0.0

  init(format: HostileFormat, path: String) {
    self.format = format
    self.path = path
  }

  /// What is wrong with the reading of one damaged file, if anything.
  mutating func run(_ number: Int, seed: UInt64, seconds: Int) throws -> String? {
    var random = Random(seed: seed &+ UInt64(number) &* 0xD134_2543_DE82_EF95)
    let bytes = try format.damaged(&random)
    try bytes.withUnsafeBytes { buffer in
      let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      guard descriptor >= 0, write(descriptor, buffer.baseAddress, buffer.count) == buffer.count else {
        throw ValidationError("cannot write \(path)")
      }
      close(descriptor)
    }
    let size = bytes.count + format.companions.values.reduce(0) { $0 + $1.count }
    BufferPool.shared.drain()
    allocation_reset()
    let before = allocation_current()
    let began = Self.computed()
    LastWords.number = Int32(truncatingIfNeeded: number)
    Self.limit(seconds)
    var message: String?
    do {
      if try format.read(path) { sound += 1 }
    } catch {
      message = "\(error)"
    }
    Self.limit(0)
    total += 1
    longest = max(longest, Self.computed() - began)
    // Mapped files count as memory, though the system may let go of their pages.
    let bytesTaken = allocation_peak() - before + size
    if bytesTaken > largest.bytes { largest = (bytesTaken, size) }
    let problem = self.problem(message) ?? self.problem(taken: bytesTaken, size)
    if problem != nil { failures += 1 }
    return problem
  }

  /// Seconds of computing so far, which other programs on the machine do not change.
  private static func computed() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Signals end the program after so many seconds; 0 for never.
  private static func limit(_ seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
    alarm(UInt32(12 * seconds))
  }

  private func problem(taken: Int, _ size: Int) -> String? {
    guard format.countsMemory, taken > 4 * size + format.allowance else { return nil }
    return "\(taken) bytes of memory for \(size) bytes"
  }

  /// Messages are for a terminal: some words, no endless texts, no control characters.
  private func problem(_ message: String?) -> String? {
    guard let message else { return nil }
    if format.namesFile, !message.contains(format.fileName) {
      return "a message that does not name the file: \(message)"
    }
    if message.count > 4000 { return "a message of \(message.count) characters: \(message.prefix(200))" }
    let isBad = message.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7f...0x9f).contains($0.value) }
    if message.count < 10 || isBad { return "a bad message: \(message.debugDescription)" }
    return nil
  }

  var summary: String {
    "\(format.name): \(total) files, \(sound) sound, \(failures) failures; at most"
      + " \(String(format: "%.2f", longest)) s and \(largest.bytes / 1024) KB, that for \(largest.size / 1024) KB"
  }
}

/// Says which file it was when the program ends in the middle of one.
enum LastWords {
  nonisolated(unsafe) static var number: Int32 = 0
  nonisolated(unsafe) private static var text = [UInt8](repeating: 0, count: 64)

  static func prepare(format: String) {
    text = Array("\(format): ended by a signal in file ".utf8)
    for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGALRM, SIGPROF] {
      Foundation.signal(signal) { signal in
        LastWords.speak()
        Foundation.signal(signal, SIG_DFL)
        raise(signal)
      }
    }
  }

  private static func speak() {
    text.withUnsafeBufferPointer { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    var digits: (UInt8, UInt8) = (0, 0x0a)
    var divisor: Int32 = 1_000_000_000
    var hasBegun = false
    while divisor > 0 {
      digits.0 = UInt8(number / divisor % 10) + 0x30
      if digits.0 != 0x30 || divisor == 1 { hasBegun = true }
      if hasBegun { _ = withUnsafeBytes(of: &digits) { write(STDERR_FILENO, $0.baseAddress, divisor == 1 ? 2 : 1) } }
      divisor /= 10
    }
  }
}
