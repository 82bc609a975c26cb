import Foundation

/// One row of the table.
struct ResultRow: Codable {
  enum Unit: String, Codable {
    case seconds, bytes
  }

  let section: String
  let title: String
  let ours: Double?
  /// The reference's, or the machine's limit.
  let theirs: Double?
  let unit: Unit
  let goal: Goal?
  /// Relative L2 distance of both results.
  let difference: Double?
  let runs: Int

  /// How many times faster, or how many times more memory the reference takes.
  var ratio: Double? {
    guard let ours, let theirs, ours > 0 else { return nil }
    return theirs / ours
  }

  /// `nil` if there is no goal, or nothing to compare with.
  var isReached: Bool? {
    guard let goal else { return nil }
    var results: [Bool] = []
    if let ratio, let least = goal.ratio { results.append(ratio >= least) }
    if let ratio, let share = goal.share { results.append(1 / ratio <= share) }
    if let ratio, let multiple = goal.multiple { results.append(1 / ratio <= multiple) }
    if let ours, let most = goal.seconds { results.append(ours <= most) }
    return results.isEmpty ? nil : results.allSatisfy { $0 }
  }

  // MARK: Text

  static let titles = ["case", "lrp", "zennit", "ratio", "goal", "difference"]
  static let widths = [64, 11, 11, 8, 18, 10]

  var cells: [String] {
    [
      title, text(ours), text(theirs), ratio.map { String(format: "%.1f", $0) } ?? "", goalText,
      difference.map { String(format: "%.0e", $0) } ?? "",
    ]
  }

  private func text(_ value: Double?) -> String {
    guard let value else { return "" }
    switch unit {
    case .bytes: return String(format: "%.0f MiB", value / 1_048_576)
    case .seconds: return String(format: value < 0.01 ? "%.2f ms" : "%.1f ms", 1000 * value)
    }
  }

  private var goalText: String {
    guard let goal else { return "" }
    var parts: [String] = []
    if let least = goal.ratio { parts.append(String(format: "%g", least)) }
    if let share = goal.share { parts.append(String(format: "%.2g", 1 / share)) }
    if let multiple = goal.multiple { parts.append(String(format: "%.2g", 1 / multiple)) }
    if let most = goal.seconds { parts.append(String(format: "%g ms", 1000 * most)) }
    let mark = isReached.map { $0 ? " ok" : " MISSED" } ?? ""
    return parts.joined(separator: ", ") + mark
  }

  /// Cells under each other: the first at the left, numbers at the right.
  static func line(_ cells: [String]) -> String {
    zip(cells, widths).enumerated().map { index, column in
      let space = String(repeating: " ", count: max(0, column.1 - column.0.count))
      return index == 0 ? column.0 + space : space + column.0
    }.joined(separator: " ")
  }
}
