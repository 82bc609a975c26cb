import Foundation
import ModelFormats
import Tensors

/// zennit in a process of its own, asked case by case.
final class Reference {
  struct Answer: Decodable {
    let seconds: Double
    /// Peak memory of its process so far, in bytes.
    let peak: Double
  }
  private struct Greeting: Decodable {
    let torch: String
    let zennit: String
  }
  private struct Request: Encodable {
    let item: Case
    let threads: Int
    let noiseLevel: Double
    let weights: String?
    let output: String
  }

  let versions: String
  private let process = Process()
  private let requests = Pipe()
  private let answers = Pipe()
  private let output = NSTemporaryDirectory() + "lrp-benchmark-\(UUID().uuidString).npy"

  /// `nil` if `python` cannot import what it takes.
  init?(python: String) {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("reference.py")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-W", "ignore", script.path]
    process.standardInput = requests
    process.standardOutput = answers
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil, let line = Self.line(from: answers.fileHandleForReading),
      let greeting = try? JSONDecoder().decode(Greeting.self, from: line)
    else { return nil }
    versions = "zennit \(greeting.zennit) on torch \(greeting.torch)"
  }

  deinit {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
    try? FileManager.default.removeItem(atPath: output)
  }

  /// Runs a case once; `nil` if the reference failed.
  /// - Parameter weights: a file of parameters, in place of the usual ones.
  func run(
    _ item: Case, threads: Int = Parallelism.threads, noiseLevel: Double = 0.1, weights: String? = nil
  ) throws -> (answer: Answer, relevance: Tensor)? {
    let request = Request(
      item: item, threads: threads, noiseLevel: noiseLevel, weights: weights, output: output)
    try requests.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(request) + Data("\n".utf8))
    guard let line = Self.line(from: answers.fileHandleForReading),
      let answer = try? JSONDecoder().decode(Answer.self, from: line)
    else {
      show("  (the reference failed at \(item.title))")
      return nil
    }
    return (answer, try NPYFile.read(output))
  }

  private static func line(from handle: FileHandle) -> Data? {
    var line = Data()
    while let byte = try? handle.read(upToCount: 1), !byte.isEmpty {
      if byte[byte.startIndex] == UInt8(ascii: "\n") { return line }
      line += byte
    }
    return nil
  }
}
