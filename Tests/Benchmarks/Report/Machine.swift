import Foundation
import Tensors

/// Where it was measured.
struct Machine: Codable {
  let processor: String
  let threads: Int
  let date: String

  init() {
    let information = Self.information
    let name = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    let isWide = information.contains("avx512f")
    let words = name?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    processor = words + (isWide ? " with AVX-512" : "")
    threads = Parallelism.threads
    date = ISO8601DateFormatter().string(from: Date())
  }

  /// Whether the processor is an x86 with AVX2.
  static var hasAVX2: Bool { information.contains(" avx2 ") }

  private static var information: String { (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "" }

  var text: String { "\(processor), \(threads) thread\(threads == 1 ? "" : "s")" }
}
