import FileSystem
import TerminalUI

/// The words of a script's line.
enum ScriptText {
  struct Word: Hashable {
    var text: String
    /// Whether it was written in quotation marks.
    var isQuoted: Bool
  }

  /// Splits a line at spaces; `"…"` is one word with `\n`, `\t`, `\"`, `\\` and `\u{…}` inside, and a `#` that begins a
  /// word begins a comment.
  /// - Throws: a text like `no closing " found`.
  static func words(_ line: Substring) throws(Problem) -> [Word] {
    var words: [Word] = []
    var rest = line
    while let first = rest.first {
      if first == " " || first == "\t" || first == "\r" {
        rest.removeFirst()
      } else if first == "#" {
        break
      } else if first == "\"" {
        rest.removeFirst()
        words.append(Word(text: try quoted(&rest), isQuoted: true))
        if let next = rest.first, next != " ", next != "\t", next != "\r" {
          throw Problem("“\(String(next).shown())” found right behind a closing \", a space expected")
        }
      } else {
        let word = rest.prefix { $0 != " " && $0 != "\t" && $0 != "\r" }
        rest = rest.dropFirst(word.count)
        words.append(Word(text: String(word), isQuoted: false))
      }
    }
    return words
  }

  struct Problem: Error {
    let text: String
    init(_ text: String) { self.text = text }
  }

  /// Up to the closing mark, which is taken too.
  private static func quoted(_ rest: inout Substring) throws(Problem) -> String {
    var text = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return text
      case "\\": text.unicodeScalars.append(try escaped(&rest))
      default: text.append(character)
      }
    }
    throw Problem("the end of the line found, a closing \" expected")
  }

  private static func escaped(_ rest: inout Substring) throws(Problem) -> Unicode.Scalar {
    switch rest.popFirst() {
    case "n": return "\n"
    case "t": return "\t"
    case "\"": return "\""
    case "\\": return "\\"
    case "u" where rest.first == "{":
      let digits = rest.dropFirst().prefix { $0.isHexDigit }
      let end = rest.dropFirst(digits.count + 1)
      if end.first == "}", let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) {
        rest = end.dropFirst()
        return scalar
      }
      throw Problem("\\u found, \\u{…} with a character's hexadecimal number expected")
    case let other:
      throw Problem("\\\(String(other.map(String.init) ?? "").shown()) found, \\n, \\t, \\\", \\\\ or \\u{…} expected")
    }
  }

  /// A text in quotation marks that ``words(_:)`` reads again as it was.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      default:
        if scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format {
          result += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  /// A word as it is, or in quotation marks where it needs them.
  static func word(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789_./:,=+-@%~".unicodeScalars.contains(scalar))
    }
    return isPlain && !text.isEmpty ? text : quoted(text)
  }
}

extension ScriptStep {
  /// The step as a line, without a comment.
  package var text: String { (mayDoNothing ? "maybe " : "") + action.text }
}

extension ScriptAction {
  package var text: String {
    switch self {
    case .press(let keys): "press " + keys.map(Self.text).joined(separator: " ")
    case .type(let text): "type " + ScriptText.quoted(text)
    case .paste(let text): "paste " + ScriptText.quoted(text)
    case .click(let button, let x, let y): "click" + Self.place(x, y, button)
    case .mouse(let event): Self.text(event)
    case .resize(let size): "resize \(size)"
    case .wait(let condition, let limit): "wait \(condition.text)" + (limit.map { " \($0)" } ?? "")
    case .expect(let text, let isShown): "expect " + (isShown ? "" : "no ") + ScriptText.quoted(text)
    case .pause(let seconds): "pause \(seconds)"
    case .say(let text): "say " + ScriptText.quoted(text)
    }
  }

  private static func text(_ key: Key) -> String {
    let name = KeyName.name(key) ?? "escape"
    return name == "#" || name == "\"" ? ScriptText.quoted(name) : name
  }

  private static func text(_ event: MouseEvent) -> String {
    switch event.kind {
    case .press(let button): "hold" + place(event.x, event.y, button)
    case .release(let button): "release" + place(event.x, event.y, button)
    case .drag(let button): "drag" + place(event.x, event.y, button)
    case .wheelUp: "wheel up" + place(event.x, event.y, .left)
    case .wheelDown: "wheel down" + place(event.x, event.y, .left)
    }
  }

  /// Columns and rows are counted from 1, as terminals do.
  private static func place(_ x: Int, _ y: Int, _ button: MouseEvent.Button) -> String {
    let name =
      switch button {
      case .left: ""
      case .middle: " middle"
      case .right: " right"
      }
    return " \(x + 1) \(y + 1)" + name
  }
}

extension ScriptCondition {
  static let words: [(word: String, condition: ScriptCondition)] = [
    ("ready", .ready), ("model", .model), ("input", .input), ("output", .output), ("heatmap", .heatmap),
    ("files", .files), ("failure", .failure),
  ]

  package var text: String {
    if case .text(let text) = self { return ScriptText.quoted(text) }
    return Self.words.first { $0.condition == self }?.word ?? ""
  }
}
