import ArgumentParser
import Foundation
import ModelZoo
import Tensors

/// Measures explanations and edits, against zennit where Python has it. `make benchmark` runs it.
@main
struct Benchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lrp-benchmark",
    abstract: "Times of explanations and edits, beside zennit's in the same run where Python has it.",
    subcommands: [TerminalBenchmark.self])

  @Flag(help: "Only the embedded model.") var quick = false
  @Option(help: "Only the cases whose title contains this.") var only: String?
  @Option(help: "Counted runs of each case; one more comes before them.") var repeats = 5
  @Option(help: "A Python that can import zennit.") var python = "python3"
  @Option(help: "Writes the table as CSV, too.") var csv: String?

  func run() async throws {
    let reference = Reference(python: python)
    show(
      "threads: \(Parallelism.threads); reference: \(reference?.versions ?? "none (\(python) cannot import zennit)")")
    show(Self.row(["case", "lrp ms", "zennit ms", "ratio", "difference"]))
    var lines = ["case,lrp_seconds,zennit_seconds,ratio,difference"]
    var subjects: [String: Subject] = [:]
    for item in quick ? Case.quick : Case.all where only.map(item.title.contains) ?? true {
      let subject = try subjects[item.model] ?? Subject(item.model)
      subjects = [item.model: subject]
      let result = try Comparison(item, subject: subject, reference: reference, repeats: repeats)
      show(
        Self.row([
          item.title, Self.milliseconds(result.ours.median), Self.milliseconds(result.theirs.median),
          String(format: "%.1f", result.ratio), result.difference.map { String(format: "%.1e", $0) } ?? "",
        ]))
      lines.append(
        "\"\(item.title)\",\(result.ours.median),\(result.theirs.median),\(result.ratio),\(result.difference ?? .nan)")
    }
    let editable = quick ? ["efficientnet_lite0"] : ["efficientnet_lite0", "vgg16"]
    for model in editable where only.map("\(model): edits".contains) ?? true {
      for (name, seconds) in try await EditTimes(model, composite: "epsilon_gamma_box", repeats: repeats).rows {
        show(Self.row([name, Self.milliseconds(seconds), "", "", ""]))
        lines.append("\"\(name)\",\(seconds),,,")
      }
    }
    if let csv { try (lines.joined(separator: "\n") + "\n").write(toFile: csv, atomically: true, encoding: .utf8) }
  }

  /// A line at once, also into a file or pipe: a run may be stopped at any time.
  private func show(_ line: String) {
    print(line)
    fflush(nil)
  }

  private static func milliseconds(_ seconds: Double) -> String {
    seconds.isNaN ? "" : String(format: "%.1f", 1000 * seconds)
  }

  private static func row(_ columns: [String]) -> String {
    let widths = [44, 9, 10, 7, 11]
    return zip(columns, widths).enumerated().map { index, column in
      let space = String(repeating: " ", count: max(0, column.1 - column.0.count))
      return index == 0 ? column.0 + space : space + column.0
    }.joined(separator: " ")
  }
}
