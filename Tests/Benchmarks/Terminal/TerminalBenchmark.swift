import ArgumentParser
import Foundation
import TerminalTesting

/// How long those at the terminal wait: measured through a pseudo-terminal, from outside the program.
struct TerminalBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terminal", abstract: "Times of the explorer as its user sees them, against the goals.")

  @Option(help: "Starts that are measured for each row; one more comes before them.") var starts = 7
  @Option(help: "Keys that are measured for each row.") var keys = 400
  @Option(help: "Columns x rows.") var size = "200x60"
  @Option(help: "The program.") var program: String?
  @Option(help: "Writes the table as CSV, too.") var csv: String?
  @Option(help: "Writes the table as JSON, too.") var json: String?

  func run() throws {
    var rows: [Row] = []
    func add(_ row: Row) {
      if rows.isEmpty { print(Row.heading) }
      print(row.line)
      rows.append(row)
    }
    add(try starting("lrp --help, whole", goal: 30, ["--help"]) { $0.waitForEnd() - $0.started })
    let (picture, heatmap) = (Self.picture, NSTemporaryDirectory() + "lrp-benchmark-\(UUID().uuidString).png")
    defer { try? FileManager.default.removeItem(atPath: heatmap) }
    add(
      try starting(
        "lrp attribute, embedded model, whole", goal: 400, ["attribute", "--input", picture, "--output", heatmap]
      ) {
        $0.waitForEnd() - $0.started
      })
    add(
      try starting("explorer, first frame", goal: 150, []) { terminal in
        try terminal.wait(for: "help")
        return terminal.waitForQuiet(2) - terminal.started
      })
    for model in ["efficientnet_lite0", "fashion_vgg"] {
      add(
        try starting("\(model), first heatmap", goal: 500, ["--model", model]) { terminal in
          try terminal.wait(for: "✓")
          return terminal.waitForQuiet(20) - terminal.started
        })
    }
    add(try typing("key to frame \(size), nothing else going on", "efficientnet_lite0", isBusy: false))
    add(try typing("key to frame \(size), VGG16 being attributed", "vgg16", isBusy: true))
    if let csv {
      let text = Row.csvHeading + rows.map(\.csv).joined()
      try text.write(toFile: csv, atomically: true, encoding: .utf8)
    }
    if let json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(rows).write(to: URL(fileURLWithPath: json))
    }
  }

  private static let picture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("assets/images/chelsea.png").path

  // MARK: Measuring

  private func start(_ arguments: [String]) throws -> PseudoTerminal {
    let numbers = size.split(separator: "x").compactMap { Int($0) }
    guard numbers.count == 2 else { throw ValidationError("--size: \(size) found, columns x rows expected") }
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let path = program ?? own.appendingPathComponent("lrp").path
    var environment = ProcessInfo.processInfo.environment
    for name in ["NO_COLOR", "LRP_COLORS", "TMUX", "LINES", "COLUMNS"] { environment[name] = nil }
    environment["TERM"] = "xterm-256color"
    environment["COLORTERM"] = "truecolor"
    environment["LC_ALL"] = "C.UTF-8"
    // Empty: what the last one, which was ended with edits, has left would be asked about.
    let state = NSTemporaryDirectory() + "lrp-benchmark-state-\(getpid())"
    try? FileManager.default.removeItem(atPath: state)
    environment["XDG_STATE_HOME"] = state
    return try PseudoTerminal([path] + arguments, width: numbers[0], height: numbers[1], environment: environment)
  }

  private func starting(
    _ name: String, goal: Double, _ arguments: [String], measure: (PseudoTerminal) throws -> Duration
  ) throws -> Row {
    var times: [Double] = []
    for round in 0...max(1, starts) {
      let terminal = try start(arguments)
      let time = try measure(terminal)
      if round > 0 { times.append(time.milliseconds) }
    }
    return Row(name, times, goal: goal, goalIsForMedian: true)
  }

  /// From a key to the last byte of the frame that shows what it did.
  ///
  /// Each time two keys are sent: one that moves the cursor in the layer list, which changes several rows and the
  /// ledger, and one that does nothing but be named in the last line. Its name, a letter found nowhere else, says
  /// which frame is the right one; others show how far the attribution is.
  private func typing(_ name: String, _ model: String, isBusy: Bool) throws -> Row {
    let terminal = try start(["--model", model])
    try terminal.wait(for: "✓")
    terminal.waitForQuiet(300)
    if isBusy {
      // An edit of the last layer, undone and done again: nothing that was computed before it can be used.
      terminal.send("G")
      terminal.waitForQuiet(300)
      terminal.clear()
      terminal.send("d")
      try terminal.wait(for: "✓")
    }
    var times: [Double] = []
    var (isRunning, isUndone) = (false, false)
    var generator = SystemRandomNumberGenerator()
    for index in 0..<max(20, keys) * 3 where times.count < max(20, keys) {
      if isBusy, !isRunning {
        terminal.clear()
        terminal.send(isUndone ? "\u{12}" : "u")
        isUndone.toggle()
        try terminal.wait(for: "…")
        isRunning = true
      }
      // Not in step with the progress that is shown.
      usleep(UInt32.random(in: 2000..<25_000, using: &generator))
      terminal.waitForQuiet(0)
      if terminal.shows("✓") {
        isRunning = false
        if isBusy { continue }
      }
      terminal.clear()
      let marker = index.isMultiple(of: 2) ? "Ж" : "Ы"
      let began = ContinuousClock.now
      terminal.send((index / 10).isMultiple(of: 2) ? "j\(marker)" : "k\(marker)")
      let ended = try terminal.wait(for: marker)
      times.append((ended - began).milliseconds)
    }
    return Row(name, times, goal: 16, goalIsForMedian: false)
  }
}

/// One line of the table; times in milliseconds.
private struct Row: Encodable {
  let name: String
  let count: Int
  let median: Double
  let p99: Double
  let longest: Double
  let goal: Double
  let isMet: Bool

  init(_ name: String, _ times: [Double], goal: Double, goalIsForMedian: Bool) {
    let sorted = times.sorted()
    func quantile(_ share: Double) -> Double {
      sorted.isEmpty ? .nan : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }
    self.name = name
    count = sorted.count
    median = quantile(0.5)
    p99 = quantile(0.99)
    longest = sorted.last ?? .nan
    self.goal = goal
    isMet = (goalIsForMedian ? median : p99) < goal
  }

  static let heading = line(["", "median", "p99", "longest", "goal", ""])
  static let csvHeading = "case,count,median_ms,p99_ms,longest_ms,goal_ms,met\n"

  var line: String {
    let numbers = [median, p99, longest].map { String(format: "%.1f", $0) }
    return Self.line([name] + numbers + ["< \(Int(goal)) ms", isMet ? "met" : "missed"])
  }

  var csv: String { "\"\(name)\",\(count),\(median),\(p99),\(longest),\(goal),\(isMet)\n" }

  private static func line(_ columns: [String]) -> String {
    zip(columns, [48, 8, 8, 8, 10, 7]).enumerated().map { index, column in
      let space = String(repeating: " ", count: max(0, column.1 - column.0.count))
      return index == 0 ? column.0 + space : space + column.0
    }.joined(separator: " ")
  }
}

extension Duration {
  fileprivate var milliseconds: Double {
    1000 * Double(components.seconds) + Double(components.attoseconds) / 1e15
  }
}
