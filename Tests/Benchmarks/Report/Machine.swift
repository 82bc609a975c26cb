import Foundation
import Tensors

/// Where it was measured.
struct Machine: Codable {
  let processor: String
  let threads: Int
  let date: String

  init() {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let name = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    let isWide = information.contains("avx512f")
    let words = name?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    processor = words + (isWide ? " with AVX-512" : "")
    threads = Parallelism.threads
    date = ISO8601DateFormatter().string(from: Date())
  }

  var text: String { "\(processor), \(threads) thread\(threads == 1 ? "" : "s")" }
}
