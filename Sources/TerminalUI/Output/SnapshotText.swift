/// A stable text form of a buffer for tests: the characters row by row, then the styles as runs of columns.
///
/// ```
/// size 8x2
/// |Layers  |
/// |▌conv…  |
/// styles
/// a = fg #ffb454 bold
/// row 0: a 0-5
/// ```
extension CellBuffer {
  public func snapshotText() -> String {
    var lines = ["size \(width)x\(height)"]
    lines += (0..<height).map { "|" + lineText($0) + "|" }
    var names: [Style: String] = [:]
    var legend: [String] = []
    var rows: [String] = []
    for y in 0..<height {
      var runs: [String] = []
      for run in styleRuns(y) {
        let name = names[run.style] ?? CellBuffer.letters(names.count)
        if names[run.style] == nil {
          names[run.style] = name
          legend.append("\(name) = \(run.style.snapshotDescription)")
        }
        runs.append("\(name) \(run.first)-\(run.last)")
      }
      if !runs.isEmpty { rows.append("row \(y): " + runs.joined(separator: ", ")) }
    }
    if !legend.isEmpty { lines += ["styles"] + legend + rows }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Neighbouring cells of a row with the same style; those in the plain style are left out.
  private func styleRuns(_ y: Int) -> [(style: Style, first: Int, last: Int)] {
    var runs: [(style: Style, first: Int, last: Int)] = []
    for (x, cell) in row(y).enumerated() where cell.style != .plain {
      if let end = runs.indices.last, runs[end].style == cell.style, runs[end].last == x - 1 {
        runs[end].last = x
      } else {
        runs.append((cell.style, x, x))
      }
    }
    return runs
  }

  /// `a` … `z`, `aa` … for the number of a style.
  private static func letters(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(97 + index % 26)))
    return index < 26 ? letter : letters(index / 26 - 1) + letter
  }
}

extension Style {
  /// `fg #ffb454 bg #000000 bold`; only what differs from the plain style.
  fileprivate var snapshotDescription: String {
    var words: [String] = []
    if !foreground.isDefault { words.append("fg \(foreground)") }
    if !background.isDefault { words.append("bg \(background)") }
    if bold { words.append("bold") }
    if dim { words.append("dim") }
    if reverse { words.append("reverse") }
    if underline { words.append("underline") }
    return words.joined(separator: " ")
  }
}
