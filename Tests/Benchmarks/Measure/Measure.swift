import ArgumentParser
import Foundation
import Tensors

/// Times and memory of explanations and edits, against zennit where Python has it.
struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times and memory of explanations and edits, beside zennit's in the same run where Python has it.",
    discussion: """
      Both sides run in turn with the same parameters, inputs and threads; their results are compared first. Rows are \
      written as they are measured, so that an interrupted run keeps what it has.
      """)

  @Flag(help: "Only the embedded models; under a minute.") var quick = false
  @Flag(help: "Batches of 32 of the large models, too; takes minutes and gigabytes.") var large = false
  @Option(help: "Only the rows whose title contains this.") var only: String?
  @Option(help: "Counted runs of each case; one more comes before them.") var repeats = 5
  @Option(help: "Seconds after which a case is not run again.") var patience = 12.0
  @Option(help: "A Python that can import zennit.") var python = "python3"
  @Option(help: "Writes the table as CSV, too.") var csv: String?
  @Option(help: "Writes the table as JSON, too.") var json: String?
  @Option(help: "Draws the table, too (.png, .svg, .pdf).") var chart: String?

  func run() throws {
    let reference = Reference(python: python)
    let versions = reference?.versions ?? "none (\(python) cannot import zennit)"
    let machine = Machine()
    let report = Report(
      machine: machine, reference: reference?.versions, files: Report.Files(csv: csv, json: json, chart: chart))
    show("\(machine.text); reference: \(versions)")
    try compare(reference, report)
    try edits(reference, report)
    if !quick, isWanted(LimitTimes.title) { try report.add(LimitTimes.row(repeats: repeats)) }
    try threads(reference, report)
    try memory(report)
    try report.finish()
  }

  private var entries: [(section: String, entries: [Cases.Entry])] {
    if quick {
      return [
        ("explanations", Cases.embedded + Cases.small), ("attributors", Cases.methods("efficientnet_lite0")),
      ]
    }
    return [
      ("explanations", Cases.embedded + Cases.large + Cases.small),
      ("batches", Cases.batches + (large ? Cases.manySamples : [])),
      ("attributors", Cases.methods("efficientnet_lite0") + Cases.methods("vgg16")), ("sizes", Cases.sizes),
    ]
  }

  private func isWanted(_ title: String) -> Bool { only.map(title.contains) ?? true }

  /// As often as asked for, or as patience allows.
  private func newPatience() -> Patience { Patience(repeats: repeats, seconds: quick ? min(patience, 3) : patience) }

  // MARK: Sections

  private func compare(_ reference: Reference?, _ report: Report) throws {
    var subject: (name: String, value: Subject)?
    for (section, entries) in entries {
      for (item, goal) in entries where isWanted(item.title) {
        let known = subject?.name == item.model ? subject?.value : nil
        let current = try known ?? Subject(item.model)
        subject = (item.model, current)
        let result = try Comparison(item, subject: current, reference: reference, patience: newPatience())
        try report.add(result.row(item.title, section: section, goal: goal))
      }
    }
  }

  private func edits(_ reference: Reference?, _ report: Report) throws {
    for model in quick ? ["efficientnet_lite0"] : ["efficientnet_lite0", "vgg16"] where isWanted("\(model): edits") {
      let times = try EditTimes(
        model, subject: Subject(model), reference: reference, patience: newPatience(),
        goals: model == "vgg16" ? EditTimes.goals : [:])
      try times.rows.forEach(report.add)
    }
  }

  private func threads(_ reference: Reference?, _ report: Report) throws {
    for item in quick ? Array(Cases.threads.prefix(1)) : Cases.threads {
      var count = 1
      while count <= Parallelism.threads {
        let title = "\(item.title), \(count) thread\(count == 1 ? "" : "s")"
        if isWanted(title) {
          var (ours, theirs) = (Times(), Times())
          for seconds in try MeasureOnce.inChild(item, threads: count, repeats: repeats).seconds { ours.add(seconds) }
          let patience = newPatience()
          while let reference, !patience.isOver(after: theirs.count) {
            guard let answer = try reference.run(item, threads: count)?.answer else { break }
            theirs.add(answer.seconds)
          }
          try report.add(
            ResultRow(
              section: "threads", title: title, ours: ours.median, theirs: theirs.median, unit: .seconds, goal: nil,
              difference: nil, runs: ours.count))
        }
        count *= 2
      }
    }
  }

  private func memory(_ report: Report) throws {
    for (item, goal) in quick ? Array(Cases.memory.prefix(1)) : Cases.memory {
      let title = "\(item.title), peak memory"
      guard isWanted(title) else { continue }
      let memory = try PeakMemory(item)
      defer { memory.remove() }
      try report.add(
        ResultRow(
          section: "memory", title: title, ours: memory.ours(), theirs: memory.theirs(python: python), unit: .bytes,
          goal: goal, difference: nil,
          runs: 1))
    }
  }
}
