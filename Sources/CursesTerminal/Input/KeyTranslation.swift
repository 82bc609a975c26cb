import CNcurses
import TerminalUI

/// From what ncurses reads to the keys of ``TerminalUI``.
package enum KeyTranslation {
  /// Codes that this program gives to sequences ncurses does not know; above all that ncurses assigns itself.
  static let pasteBegin: Int32 = 0x4000
  static let pasteEnd: Int32 = 0x4001
  static let focusIn: Int32 = 0x4002
  static let focusOut: Int32 = 0x4003
  static let mouse: Int32 = 0x4004
  static let oldMouse: Int32 = 0x4005

  /// The key of a character; `nil` for what no key sends.
  package static func key(for scalar: Unicode.Scalar) -> Key? {
    switch scalar.value {
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x1B: .escape
    case 0x7F: .backspace
    case 0x00: .control("@")
    case 0x01...0x1A: .control(Character(Unicode.Scalar(UInt8(scalar.value) + 0x60)))
    case 0x1C...0x1F: .control(Character(Unicode.Scalar(UInt8(scalar.value) + 0x40)))
    case 0x80..<0xA0: nil
    default: .character(Character(scalar))
    }
  }

  /// The key of a function key code.
  ///
  /// - Parameter name: what `keyname` says; extended keys have codes that differ between terminals.
  package static func key(forCode code: Int32, name: String) -> Key? {
    if let number = (0...63).first(where: { lrp_function_key($0) == code }) { return .function(Int(number)) }
    switch code {
    case KEY_UP: return .up
    case KEY_DOWN: return .down
    case KEY_LEFT: return .left
    case KEY_RIGHT: return .right
    case KEY_HOME, KEY_A1, KEY_FIND: return .home
    case KEY_END, KEY_C1, KEY_SELECT: return .end
    case KEY_PPAGE, KEY_A3: return .pageUp
    case KEY_NPAGE, KEY_C3: return .pageDown
    case KEY_IC: return .insert
    case KEY_DC: return .delete
    case KEY_BACKSPACE: return .backspace
    case KEY_BTAB: return .backTab
    case KEY_ENTER: return .enter
    case KEY_SR: return .shiftUp
    case KEY_SF: return .shiftDown
    case KEY_SLEFT: return .shiftLeft
    case KEY_SRIGHT: return .shiftRight
    default: return key(named: name)
    }
  }

  /// Extended keys: `kUP5` is Ctrl-↑; a modifier that has no meaning here leaves the plain key.
  private static func key(named name: String) -> Key? {
    switch name.prefix(while: { !$0.isNumber }) {
    case "kUP": name == "kUP" ? .shiftUp : .up
    case "kDN": name == "kDN" ? .shiftDown : .down
    case "kLFT": .left
    case "kRIT": .right
    case "kHOM": .home
    case "kEND": .end
    case "kNXT": .pageDown
    case "kPRV": .pageUp
    case "kIC": .insert
    case "kDC": .delete
    default: nil
    }
  }
}
