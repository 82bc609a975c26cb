import CNcurses
import TerminalUI

/// Reads what ncurses has for us and puts it together to events: keys, Alt combinations, mouse, pasted text.
@MainActor
final class InputReader {
  private var mouse = MouseTranslation()
  /// The text so far while a paste is coming in.
  private var paste: String.UnicodeScalarView?
  private static let longestPaste = 1 << 20

  /// Tells ncurses about the sequences that terminfo does not have.
  init() {
    define_key("\u{1B}[200~", KeyTranslation.pasteBegin)
    define_key("\u{1B}[201~", KeyTranslation.pasteEnd)
    define_key("\u{1B}[I", KeyTranslation.focusIn)
    define_key("\u{1B}[O", KeyTranslation.focusOut)
  }

  var isPasting: Bool { paste != nil }

  /// All events that can be read without waiting.
  func readAll() -> [Event] {
    var events: [Event] = []
    while let input = read() { handle(input, &events) }
    return events
  }

  /// Ends a paste whose end was lost, so that the keyboard is not dead for ever.
  func abandonPaste() -> [Event] {
    guard let text = paste else { return [] }
    paste = nil
    return [.paste(String(text))]
  }

  private enum Input {
    case scalar(Unicode.Scalar)
    case code(Int32)
  }

  private func read() -> Input? {
    var value: wint_t = 0
    switch get_wch(&value) {
    case KEY_CODE_YES: return .code(Int32(bitPattern: value))
    case OK: return .scalar(Unicode.Scalar(value) ?? "\u{FFFD}")
    default: return nil
    }
  }

  private func handle(_ input: Input, _ events: inout [Event]) {
    switch input {
    case .code(let code): handleCode(code, &events)
    case .scalar(let scalar) where paste != nil: extendPaste(scalar)
    case .scalar("\u{1B}"): handleEscape(&events)
    case .scalar(let scalar):
      if let key = KeyTranslation.key(for: scalar) { events.append(.key(key)) }
    }
  }

  private func handleCode(_ code: Int32, _ events: inout [Event]) {
    switch code {
    case KeyTranslation.pasteBegin: paste = String.UnicodeScalarView()
    case KeyTranslation.pasteEnd: events += abandonPaste()
    case KeyTranslation.focusIn: events.append(.focusGained)
    case KeyTranslation.focusOut: events.append(.focusLost)
    case KEY_MOUSE:
      var report = MEVENT()
      guard getmouse(&report) == OK else { return }
      if let event = mouse.event(state: report.bstate, x: Int(report.x), y: Int(report.y)) {
        events.append(.mouse(event))
      }
    case KEY_RESIZE: return  // the signal says it too
    default:
      guard paste == nil else { return }
      let name = keyname(code).map { String(cString: $0) } ?? ""
      if let key = KeyTranslation.key(forCode: code, name: name) { events.append(.key(key)) }
    }
  }

  /// Esc followed at once by a character is Alt with this character.
  private func handleEscape(_ events: inout [Event]) {
    guard let next = read() else {
      events.append(.key(.escape))
      return
    }
    if case .scalar(let scalar) = next, scalar.value >= 0x20, scalar.value != 0x7F {
      events.append(.key(.alt(Character(scalar))))
    } else {
      events.append(.key(.escape))
      handle(next, &events)
    }
  }

  private func extendPaste(_ scalar: Unicode.Scalar) {
    guard let count = paste?.count, count < InputReader.longestPaste else { return }
    paste?.append(scalar == "\r" ? "\n" : scalar)
  }
}
