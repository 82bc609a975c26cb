import FileSystem
import LRP
import NeuralNetwork
import TerminalUI

extension Script {
  /// Reads a script.
  /// - Parameters:
  ///   - path: its file, for messages.
  ///   - firstLine: of the text in that file.
  /// - Throws: ``ScriptError`` with the first line that is wrong.
  public init(_ text: String, path: String, firstLine: Int = 1) throws(ScriptError) {
    self.path = path
    // Not by characters: "\r\n" is one of them.
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      do {
        try add(Substring(line), line: firstLine + index)
      } catch let problem as ScriptText.Problem {
        throw ScriptError(path: path, line: firstLine + index, problem: problem.text)
      } catch {
        throw ScriptError(path: path, line: firstLine + index, problem: "\(error)")
      }
    }
  }

  private mutating func add(_ text: Substring, line: Int) throws {
    let words = try ScriptText.words(text)
    guard let first = words.first else { return }
    let isHeading = steps.isEmpty && !first.isQuoted
    switch first.text {
    case "start" where isHeading && startLine == 0:
      start = words.dropFirst().map(\.text)
      startLine = line
    case "size" where isHeading && size == nil:
      guard words.count == 2, let size = ScriptSize(words[1].text) else {
        throw ScriptText.Problem("\(ScriptLine.found(words.dropFirst())) found, columns x rows such as 120x40 expected")
      }
      self.size = size
    case "start", "size":
      throw ScriptText.Problem(
        "a second “\(first.text.shown())”, or one behind a step, found; it stands once, at the top")
    default:
      let mayDoNothing = first.text == "maybe" && !first.isQuoted
      var line = ScriptStep(line: line, mayDoNothing: mayDoNothing, action: .press([]))
      var rest = ScriptLine(words: words[(mayDoNothing ? 1 : 0)...])
      line.action = try rest.action()
      steps.append(line)
    }
  }
}

/// The words of a step while they are read.
private struct ScriptLine {
  var words: ArraySlice<ScriptText.Word>
  private var verb = ""

  init(words: ArraySlice<ScriptText.Word>) { self.words = words }

  static let verbs = [
    "press", "type", "paste", "click", "hold", "drag", "release", "wheel", "resize", "wait", "expect", "pause", "say",
  ]

  static func found(_ words: some Sequence<ScriptText.Word>) -> String {
    let text = words.map(\.text).joined(separator: " ")
    return text.isEmpty ? "nothing" : "“\(text.shown())”"
  }

  mutating func action() throws(ScriptText.Problem) -> ScriptAction {
    guard let word = words.popFirst() else { throw ScriptText.Problem("nothing found behind maybe, a step expected") }
    verb = word.text
    let action = try action(word.text)
    if !words.isEmpty {
      throw ScriptText.Problem(
        "\(Self.found(words)) found behind “\(action.text.shown())”, the end of the line expected")
    }
    return action
  }

  private mutating func action(_ verb: String) throws(ScriptText.Problem) -> ScriptAction {
    switch verb {
    case "press": return .press(try keys())
    case "type": return .type(try text())
    case "paste": return .paste(try text())
    case "say": return .say(try text())
    case "click":
      let event = try mouse { .press($0) }
      if case .press(let button) = event.kind { return .click(button, x: event.x, y: event.y) }
      return .mouse(event)
    case "hold": return .mouse(try mouse { .press($0) })
    case "drag": return .mouse(try mouse { .drag($0) })
    case "release": return .mouse(try mouse { .release($0) })
    case "wheel": return .mouse(try wheel())
    case "resize":
      let word = words.popFirst()
      guard let size = word.flatMap({ ScriptSize($0.text) }) else {
        throw ScriptText.Problem("\(Self.found(word.map { [$0] } ?? [])) found, columns x rows such as 120x40 expected")
      }
      return .resize(size)
    case "wait": return try wait()
    case "expect":
      let isShown = words.first != ScriptText.Word(text: "no", isQuoted: false)
      if !isShown { words.removeFirst() }
      return .expect(try text(), isShown: isShown)
    case "pause": return .pause(seconds: try seconds())
    default:
      let nearest = Spelling.nearest(to: verb, among: Self.verbs).map { "; did you mean \($0)?" } ?? ""
      throw ScriptText.Problem(
        "“\(verb.shown())” found, a step expected (\(Self.verbs.joined(separator: ", ")))\(nearest)")
    }
  }

  private mutating func keys() throws(ScriptText.Problem) -> [Key] {
    var keys: [Key] = []
    while let word = words.popFirst() {
      guard let key = KeyName.key(word.text) else {
        throw ScriptText.Problem("“\(word.text.shown())” found, \(KeyName.expectation)")
      }
      keys.append(key)
    }
    guard !keys.isEmpty else { throw ScriptText.Problem("nothing found behind press, \(KeyName.expectation)") }
    return keys
  }

  private mutating func text() throws(ScriptText.Problem) -> String {
    guard let word = words.first, word.isQuoted, !word.text.isEmpty else {
      throw ScriptText.Problem("\(Self.found(words)) found behind \(verb), a text in \"…\" expected")
    }
    words.removeFirst()
    return word.text
  }

  private mutating func mouse(
    _ kind: (MouseEvent.Button) -> MouseEvent.Kind
  ) throws(ScriptText.Problem) -> MouseEvent {
    let (x, y) = try place()
    switch words.first?.text {
    case "left": words.removeFirst()
    case "middle":
      words.removeFirst()
      return MouseEvent(kind(.middle), x: x, y: y)
    case "right":
      words.removeFirst()
      return MouseEvent(kind(.right), x: x, y: y)
    default: break
    }
    return MouseEvent(kind(.left), x: x, y: y)
  }

  private mutating func wheel() throws(ScriptText.Problem) -> MouseEvent {
    let word = words.popFirst()
    guard let word, word.text == "up" || word.text == "down" else {
      throw ScriptText.Problem("\(Self.found(word.map { [$0] } ?? [])) found behind wheel, up or down expected")
    }
    let (x, y) = try place()
    return MouseEvent(word.text == "up" ? .wheelUp : .wheelDown, x: x, y: y)
  }

  private mutating func place() throws(ScriptText.Problem) -> (x: Int, y: Int) {
    let two = words.prefix(2)
    let numbers = two.compactMap { Int($0.text) }
    guard numbers.count == 2, numbers.allSatisfy({ (-1000...10_000).contains($0) }) else {
      throw ScriptText.Problem("\(Self.found(two)) found behind \(verb), a column and a row expected (from 1)")
    }
    words.removeFirst(2)
    return (numbers[0] - 1, numbers[1] - 1)
  }

  private mutating func wait() throws(ScriptText.Problem) -> ScriptAction {
    let word = words.popFirst()
    guard let word, word.isQuoted || ScriptCondition.words.contains(where: { $0.word == word.text }) else {
      let names = ScriptCondition.words.map(\.word).joined(separator: ", ")
      throw ScriptText.Problem(
        "\(Self.found(word.map { [$0] } ?? [])) found behind wait, \(names) or a text in \"…\" expected")
    }
    let condition =
      word.isQuoted
      ? .text(word.text) : ScriptCondition.words.first { $0.word == word.text }?.condition ?? .ready
    return .wait(condition, limit: words.isEmpty ? nil : try seconds())
  }

  private mutating func seconds() throws(ScriptText.Problem) -> Double {
    let word = words.popFirst()
    guard let word, let seconds = Double(word.text), (0...86_400).contains(seconds) else {
      throw ScriptText.Problem("\(Self.found(word.map { [$0] } ?? [])) found, seconds from 0 to 86400 expected")
    }
    return seconds
  }
}
