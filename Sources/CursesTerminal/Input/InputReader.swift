import CNcurses
import TerminalUI

/// Reads what ncurses has for us and puts it together to events: keys, Alt combinations, mouse, pasted text.
@MainActor
final class InputReader {
  /// What the next characters belong to, if not to keys.
  private enum Collection {
    /// What is in ``pasted``.
    case paste
    /// An SGR report after `ESC [ <`.
    case mouse(String.UnicodeScalarView)
    /// An old report after `ESC [ M`.
    case oldMouse([Unicode.Scalar])
  }

  private enum Input {
    case scalar(Unicode.Scalar)
    case code(Int32)
  }

  private var collection: Collection?
  /// Grows where it is: it may be long, and must not be copied for every character.
  private var pasted = String.UnicodeScalarView()
  /// The number of its scalars, which a string does not know without counting.
  private var pastedCount = 0
  private static let longestPaste = 1 << 20
  private static let longestReport = 32

  /// Tells ncurses about the sequences that terminfo does not have.
  init() {
    define_key("\u{1B}[200~", KeyTranslation.pasteBegin)
    define_key("\u{1B}[201~", KeyTranslation.pasteEnd)
    define_key("\u{1B}[I", KeyTranslation.focusIn)
    define_key("\u{1B}[O", KeyTranslation.focusOut)
    define_key("\u{1B}[<", KeyTranslation.mouse)
    define_key("\u{1B}[M", KeyTranslation.oldMouse)
  }

  /// Whether something has begun whose end has not come yet.
  var isCollecting: Bool { collection != nil }

  /// All events that can be read without waiting.
  func readAll() -> [Event] {
    var events: [Event] = []
    while let input = read() { handle(input, &events) }
    return events
  }

  /// Gives up waiting for the end of a paste or a report, so that the keyboard is not dead for ever.
  func abandonCollection() -> [Event] {
    defer {
      collection = nil
      pasted = String.UnicodeScalarView()
      pastedCount = 0
    }
    if case .paste = collection { return [.paste(String(pasted))] }
    return []
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
    case .scalar("\u{1B}"): handleEscape(&events)
    case .scalar(let scalar) where isCollecting: collect(scalar, &events)
    case .scalar(let scalar):
      if let key = KeyTranslation.key(for: scalar) { events.append(.key(key)) }
    }
  }

  private func handleCode(_ code: Int32, _ events: inout [Event]) {
    if case .paste = collection {
      if code == KeyTranslation.pasteEnd { events += abandonCollection() }
      return
    }
    collection = nil
    switch code {
    case KeyTranslation.pasteBegin: collection = .paste
    case KeyTranslation.pasteEnd: return
    case KeyTranslation.focusIn: events.append(.focusGained)
    case KeyTranslation.focusOut: events.append(.focusLost)
    case KeyTranslation.mouse: collection = .mouse(String.UnicodeScalarView())
    case KeyTranslation.oldMouse: collection = .oldMouse([])
    case KEY_RESIZE: return  // the signal says it too
    default:
      let name = keyname(code).map { String(cString: $0) } ?? ""
      if let key = KeyTranslation.key(forCode: code, name: name) { events.append(.key(key)) }
    }
  }

  /// Esc followed at once by a character is Alt with this character, or part of what is pasted. Alone it is the key,
  /// which also ends what has begun and was never finished.
  private func handleEscape(_ events: inout [Event]) {
    let next = read()
    if case .paste = collection, let next {
      collect("\u{1B}", &events)
      return handle(next, &events)
    }
    events += abandonCollection()
    guard let next else {
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

  private func collect(_ scalar: Unicode.Scalar, _ events: inout [Event]) {
    if case .paste = collection {
      guard pastedCount < InputReader.longestPaste else { return }
      pasted.append(scalar == "\r" ? "\n" : scalar)
      pastedCount += 1
      return
    }
    let current = collection
    collection = nil
    switch current {
    case .mouse(let text) where scalar == "M" || scalar == "m":
      if let event = MouseReport.event(sgr: String(text), isRelease: scalar == "m") { events.append(.mouse(event)) }
    case .mouse(var text):
      text.append(scalar)
      if text.count < InputReader.longestReport { collection = .mouse(text) }
    case .oldMouse(var scalars):
      scalars.append(scalar)
      if scalars.count < 3 {
        collection = .oldMouse(scalars)
      } else if let event = MouseReport.event(old: scalars) {
        events.append(.mouse(event))
      }
    case .paste, nil: break
    }
  }
}
