import TerminalUI

/// What xterm and all its kin send about the mouse, decoded here and not by ncurses: that one joins presses and
/// releases to clicks, keeps only the last eight, and does not say which button is held.
package enum MouseReport {
  /// The event of an SGR report, `ESC [ < button ; column ; row M` (`m` for a release).
  ///
  /// - Parameters:
  ///   - text: what stands between `<` and the final letter.
  /// - Returns: `nil` for malformed reports, movements without a button, and buttons that have no meaning here.
  package static func event(sgr text: String, isRelease: Bool) -> MouseEvent? {
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 3, let code = numbers[0], let column = numbers[1], let row = numbers[2] else { return nil }
    return event(code: code, column: column, row: row, isRelease: isRelease)
  }

  /// The event of an old report, `ESC [ M` and three characters, each 32 more than its number. It does not say which
  /// button was released; the left one is assumed.
  package static func event(old scalars: [Unicode.Scalar]) -> MouseEvent? {
    let numbers = scalars.map { Int($0.value) - 32 }
    guard numbers.count == 3 else { return nil }
    let isRelease = numbers[0] & 0b110_0011 == 3
    return event(code: isRelease ? 0 : numbers[0], column: numbers[1], row: numbers[2], isRelease: isRelease)
  }

  /// Bits 0 and 1 are the button, 2 to 4 shift, alt and control (ignored), 5 a movement, 6 the wheel.
  private static func event(code: Int, column: Int, row: Int, isRelease: Bool) -> MouseEvent? {
    guard (0..<128).contains(code), (1...100_000).contains(column), (1...100_000).contains(row) else { return nil }
    let (x, y) = (column - 1, row - 1)
    if code & 64 != 0 {
      switch code & 3 {
      case 0: return MouseEvent(.wheelUp, x: x, y: y)
      case 1: return MouseEvent(.wheelDown, x: x, y: y)
      default: return nil
      }
    }
    let buttons: [MouseEvent.Button] = [.left, .middle, .right]
    guard code & 3 < buttons.count else { return nil }
    let button = buttons[code & 3]
    if isRelease { return MouseEvent(.release(button), x: x, y: y) }
    return MouseEvent(code & 32 != 0 ? .drag(button) : .press(button), x: x, y: y)
  }
}
