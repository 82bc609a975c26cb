import Foundation
import TerminalUI

/// What a terminal shows, cell by cell, read back from tmux.
package struct CapturedScreen: Equatable, Sendable {
  package struct Cell: Equatable, Sendable {
    /// Empty in the right half of a wide character.
    package var text: String
    package var foreground = TerminalColor.default
    package var background = TerminalColor.default
    package var isBold = false
    package var isDim = false
    package var isUnderlined = false
    package var isReversed = false
  }

  package private(set) var rows: [[Cell]] = []

  /// Parses the output of `tmux capture-pane -e -p -N`. Styles carry over from line to line there.
  package init(parsing output: String) {
    var pen = Cell(text: "")
    var row: [Cell] = []
    var rest = output.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\n":
        rows.append(row)
        row = []
      case "\u{1B}":
        guard rest.first == "[" else { continue }
        let sequence = rest.prefix { $0 != "m" }
        rest = rest.dropFirst(sequence.count + 1)
        CapturedScreen.apply(String(String.UnicodeScalarView(sequence.dropFirst())), to: &pen)
      case "\u{0E}", "\u{0F}": continue
      default:
        let width = scalar.displayWidth
        if width == 0, !row.isEmpty {
          row[row.count - 1].text.unicodeScalars.append(scalar)
          continue
        }
        pen.text = String(scalar)
        row.append(pen)
        if width == 2 {
          pen.text = ""
          row.append(pen)
        }
      }
    }
    if !row.isEmpty { rows.append(row) }
  }

  /// Applies the parameters of one "select graphic rendition".
  private static func apply(_ parameters: String, to pen: inout Cell) {
    var numbers = parameters.split(omittingEmptySubsequences: false) { $0 == ";" || $0 == ":" }.map { Int($0) ?? 0 }[
      ...]
    while let code = numbers.popFirst() {
      switch code {
      case 0: pen = Cell(text: "")
      case 1: pen.isBold = true
      case 2: pen.isDim = true
      case 4: pen.isUnderlined = true
      case 7: pen.isReversed = true
      case 22: (pen.isBold, pen.isDim) = (false, false)
      case 24: pen.isUnderlined = false
      case 27: pen.isReversed = false
      case 30...37: pen.foreground = .index(UInt8(code - 30))
      case 38: pen.foreground = color(&numbers)
      case 39: pen.foreground = .default
      case 40...47: pen.background = .index(UInt8(code - 40))
      case 48: pen.background = color(&numbers)
      case 49: pen.background = .default
      case 90...97: pen.foreground = .index(UInt8(code - 82))
      case 100...107: pen.background = .index(UInt8(code - 92))
      default: break
      }
    }
  }

  /// `2;r;g;b` or `5;index`.
  private static func color(_ numbers: inout ArraySlice<Int>) -> TerminalColor {
    if numbers.popFirst() == 2 {
      let channels = (0..<3).map { _ in UInt32(clamping: numbers.popFirst() ?? 0) & 255 }
      return .rgb(channels[0] << 16 | channels[1] << 8 | channels[2])
    }
    return .index(UInt8(clamping: numbers.popFirst() ?? 0))
  }

  /// The cell at a place; a blank outside.
  package subscript(x: Int, y: Int) -> Cell {
    rows.indices.contains(y) && rows[y].indices.contains(x) ? rows[y][x] : Cell(text: " ")
  }

  /// The characters of a row without the spaces at its end.
  package func line(_ y: Int) -> String {
    guard rows.indices.contains(y) else { return "" }
    var text = Substring(rows[y].map(\.text).joined())
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// All lines; empty ones at the end are left out.
  package var text: String {
    let lines = rows.indices.map(line)
    let end = lines.lastIndex { !$0.isEmpty } ?? -1
    return lines[...end].joined(separator: "\n")
  }

  package func contains(_ text: String) -> Bool { find(text) != nil }

  /// The column and row where a text first appears.
  package func find(_ text: String) -> (x: Int, y: Int)? {
    for y in rows.indices {
      let line = rows[y].map { $0.text.isEmpty ? "" : $0.text }.joined()
      if let range = line.range(of: text) {
        return (line[..<range.lowerBound].displayWidth, y)
      }
    }
    return nil
  }
}
