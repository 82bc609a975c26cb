import TerminalUI

/// Columns of text for standard output, as wide as they need to be; nothing is cut.
struct TextTable {
  let titles: [String]
  /// Columns of numbers stand at the right.
  var trailing: Set<Int> = []
  private var rows: [[String]] = []

  init(_ titles: [String], trailing: Set<Int> = []) {
    self.titles = titles
    self.trailing = trailing
  }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  var text: String {
    let all = [titles] + rows
    let widths = titles.indices.map { column in all.map { $0[column].displayWidth }.max() ?? 0 }
    return all.map { cells in
      var line = ""
      for (column, cell) in cells.enumerated() {
        let space = String(repeating: " ", count: max(0, widths[column] - cell.displayWidth))
        line += (column > 0 ? "  " : "") + (trailing.contains(column) ? space + cell : cell + space)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
