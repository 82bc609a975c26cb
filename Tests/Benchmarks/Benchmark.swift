import ArgumentParser
import Foundation

/// Figures of this program on this machine. `make benchmark` runs it; each subcommand is a file of its own.
@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lrp-benchmark",
    abstract: "Measures this program: times beside zennit's, memory, instructions.",
    subcommands: [Measure.self, MeasureOnce.self, Instructions.self, CountedRun.self, TerminalBenchmark.self],
    defaultSubcommand: Measure.self)
}

/// A line at once, also into a file or pipe: a run may be stopped at any time.
func show(_ line: String) {
  print(line)
  fflush(nil)
}
