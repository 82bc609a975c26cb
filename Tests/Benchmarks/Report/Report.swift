import Figures
import Foundation

/// What was measured so far: printed and written row by row.
final class Report {
  struct Files {
    let csv: String?
    let json: String?
    let chart: String?
  }
  private struct Document: Encodable {
    let machine: Machine
    let reference: String?
    let rows: [ResultRow]
  }

  private let machine: Machine
  private let reference: String?
  private let files: Files
  private var rows: [ResultRow] = []

  init(machine: Machine, reference: String?, files: Files) {
    self.machine = machine
    self.reference = reference
    self.files = files
  }

  func add(_ row: ResultRow) throws {
    if rows.last?.section != row.section {
      try draw()
      show("")
      show(ResultRow.line([row.section.uppercased()] + ResultRow.titles.dropFirst()))
    }
    rows.append(row)
    show(ResultRow.line(row.cells))
    try writeTables()
  }

  /// Draws the chart and says how many goals were reached.
  func finish() throws {
    let goals = rows.compactMap(\.isReached)
    if !goals.isEmpty { show("\n\(goals.filter { $0 }.count) of \(goals.count) goals reached") }
    try draw()
  }

  private func draw() throws {
    if let path = files.chart, let figure = chart { try figure.write(to: path) }
  }

  private func writeTables() throws {
    if let path = files.json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      let document = Document(machine: machine, reference: reference, rows: rows)
      try (encoder.encode(document) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
    if let path = files.csv {
      let number = { (value: Double?) in value.map { "\($0)" } ?? "" }
      let lines = rows.map { row in
        let cells = [
          row.section, "\"\(row.title)\"", row.unit.rawValue, number(row.ours), number(row.theirs), number(row.ratio),
          number(row.goal?.ratio ?? row.goal?.share.map { 1 / $0 }), row.isReached.map { "\($0)" } ?? "",
          number(row.difference), "\(row.runs)",
        ]
        return cells.joined(separator: ",")
      }
      let text = (["section,case,unit,lrp,zennit,ratio,goal,reached,difference,runs"] + lines).joined(separator: "\n")
      try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
  }

  /// How many times faster, beside what is to be reached; without a reference, our times. Edits are on another scale: a rule
  /// of the first layer changes in a hundredth of the reference's time.
  private var chart: BarFigure? {
    let timed = rows.filter { $0.unit == .seconds && !["limit", "edits"].contains($0.section) }
    let compared = timed.filter { $0.ratio != nil }
    if compared.isEmpty {
      let groups = timed.map { BarFigure.Group($0.title, [$0.ours.map { 1000 * $0 }]) }
      guard !groups.isEmpty else { return nil }
      return BarFigure(
        title: "Times of explanations", series: [""], groups: groups, valueName: "milliseconds",
        caption: [machine.text])
    }
    let groups = compared.map { BarFigure.Group($0.title, [$0.ratio, $0.goal?.ratio]) }
    return BarFigure(
      title: "Times as fast as zennit", series: ["measured", "goal"], groups: groups,
      valueName: "zennit's seconds / lrp's seconds", reference: 1,
      caption: [machine.text + (reference.map { "; \($0), same threads" } ?? "")])
  }
}
