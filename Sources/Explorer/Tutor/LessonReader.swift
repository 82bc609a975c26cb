import LRP
import NeuralNetwork
import YAMLFiles

/// Reads a lesson's file, strictly: every key is known, every value is of its kind and in its range.
package struct LessonReader {
  let source: YAMLSource
  private let path: String

  static let keys = ["version", "title", "minutes", "start", "setup", "steps"]
  private static let stepKeys = ["headline", "text", "key", "number", "check", "explain", "solution"]
  private static let startKeys = ["model", "input", "composite", "target"]
  static let version = 1
  package static let stepLimit = 40
  package static let headlineLimit = 48
  package static let textLimit = 400

  /// - Parameter path: for messages, and for the files that the lesson names.
  package init(path: String) {
    source = YAMLSource(file: path, what: "a lesson")
    self.path = path
  }

  /// - Throws: `FileError` if the file cannot be read, `YAMLFileError` with line, column, what was found and expected.
  package func lesson(id: String) throws -> Lesson { try lesson(source.text(ofFile: path), id: id) }

  /// - Throws: `YAMLFileError`.
  package func lesson(_ text: String, id: String) throws -> Lesson {
    let what = "a lesson (version: \(Self.version), title: …)"
    guard let root = try source.root(of: text) else {
      throw YAMLFileError.invalid(file: source.file, line: 1, column: 1, problem: "nothing found, \(what) expected")
    }
    let fields = try fields(root, Self.keys, of: what)
    let version = try required("version", fields, root)
    guard try source.integer(version, "a version number") == Self.version else {
      throw source.error(
        version, "version \(source.found(version)), \(Self.version) expected; a newer program may read it")
    }
    let steps = try source.list(required("steps", fields, root), of: "a list of steps").map(step)
    let node = try required("steps", fields, root)
    guard (1...Self.stepLimit).contains(steps.count) else {
      throw source.error(node, "\(steps.count) steps found, 1 to \(Self.stepLimit) expected")
    }
    return Lesson(
      id: id, path: path, title: try line(required("title", fields, root), "a title", limit: Self.headlineLimit),
      minutes: try minutes(required("minutes", fields, root)), start: try start(required("start", fields, root)),
      setup: try fields["setup"].map(script), steps: steps)
  }

  // MARK: - Parts

  private func start(_ node: YAMLNode) throws -> LessonStart {
    let fields = try fields(node, Self.startKeys, of: "what the lesson begins with (model: …)")
    return LessonStart(
      model: try line(required("model", fields, node), "a model's name"),
      input: try fields["input"].map { try line($0, "a picture") },
      composite: try fields["composite"].map(composite) ?? .preset(nil),
      target: try fields["target"].map { try line($0, "a class: its number or label") })
  }

  private func composite(_ node: YAMLNode) throws -> LaunchOptions.InitialComposite {
    let name = try choice(node, "a preset or none", among: Preset.all.map(\.name) + ["none"])
    return name == "none" ? .noRules : .preset(name)
  }

  private func step(_ node: YAMLNode) throws -> LessonStep {
    let fields = try fields(node, Self.stepKeys, of: "a step (headline: …)")
    let check = try required("check", fields, node)
    let conditions = try source.list(check, of: "a list of conditions").map {
      try LessonConditionReader(reader: self).condition($0)
    }
    guard (1...12).contains(conditions.count) else {
      throw source.error(check, "\(conditions.count) conditions found, 1 to 12 expected")
    }
    return LessonStep(
      headline: try line(required("headline", fields, node), "a headline", limit: Self.headlineLimit),
      text: try text(required("text", fields, node)), key: try fields["key"].map { try line($0, "a key", limit: 12) },
      number: try fields["number"].map { try quantity(line($0, "the name of a number"), $0) }, check: conditions,
      explain: try text(required("explain", fields, node)), solution: try script(required("solution", fields, node)))
  }

  private func minutes(_ node: YAMLNode) throws -> Int {
    let minutes = try source.integer(node, "minutes: a whole number")
    guard (1...240).contains(minutes) else {
      throw source.error(node, "minutes: \(source.found(node)), a whole number of 1 to 240 expected")
    }
    return minutes
  }

  private func script(_ node: YAMLNode) throws -> Script {
    let (text, firstLine) = try source.lines(node, "steps of a script (press …)")
    let script: Script
    do {
      script = try Script(text, path: path, firstLine: firstLine)
    } catch {
      throw YAMLFileError.invalid(file: source.file, line: error.line, column: 1, problem: source.shown(error.problem))
    }
    guard script.start.isEmpty, script.size == nil else {
      throw source.error(node, "“start” or “size” found; a lesson says under 'start' what it begins with")
    }
    guard (1...200).contains(script.steps.count) else {
      throw source.error(node, "\(script.steps.count) steps of a script found, 1 to 200 expected")
    }
    return script
  }

  /// Text with quantities in braces; line ends are spaces.
  private func text(_ node: YAMLNode) throws -> LessonText {
    let text = try line(node, "a text", limit: Self.textLimit)
    var parts: [LessonText.Part] = []
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw source.error(node, "'{' without '}' found; a number is written as {kept}")
      }
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      parts.append(.quantity(try quantity(String(rest[rest.index(after: open)..<close]), node)))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return LessonText(parts: parts)
  }

  private func quantity(_ text: String, _ node: YAMLNode) throws -> LessonQuantity {
    if let quantity = LessonQuantity(text) { return quantity }
    throw source.error(
      node,
      "'\(source.shown(text))' found, one of \(LessonQuantity.forms.joined(separator: ", ")) expected"
        + source.suggestion(for: text, among: LessonQuantity.forms))
  }

  // MARK: - Values

  /// The fields of a mapping whose keys are all known.
  func fields(_ node: YAMLNode, _ keys: [String], of what: String) throws -> [String: YAMLNode] {
    var result: [String: YAMLNode] = [:]
    for field in try source.fields(node, of: what) {
      guard keys.contains(field.name) else {
        throw source.error(
          field.key,
          "the key '\(source.shown(field.name))' found, one of \(keys.joined(separator: ", ")) expected"
            + source.suggestion(for: field.name, among: keys))
      }
      result[field.name] = field.value
    }
    return result
  }

  private func required(_ key: String, _ fields: [String: YAMLNode], _ node: YAMLNode) throws -> YAMLNode {
    guard let value = fields[key] else { throw source.error(node, "no '\(key)' found, '\(key): …' expected") }
    return value
  }

  /// Text without line ends, control characters and runs of spaces.
  func line(_ node: YAMLNode, _ what: String, limit: Int = 200) throws -> String {
    let text = try source.text(node, what)
    let words = text.split { $0 == " " || $0.isNewline || $0 == "\t" }
    let line = words.joined(separator: " ")
    let isClean = line.unicodeScalars.allSatisfy { ![.control, .format].contains($0.properties.generalCategory) }
    guard isClean, !line.isEmpty else { throw source.error(node, "\(source.found(node)), \(what) expected") }
    guard line.count <= limit else {
      throw source.error(node, "\(line.count) characters found, \(what) of at most \(limit) expected")
    }
    return line
  }

  func choice(_ node: YAMLNode, _ what: String, among words: [String]) throws -> String {
    let text = try source.text(node, what)
    guard words.contains(text) else {
      throw source.error(
        node,
        "'\(source.shown(text))' found, one of \(words.joined(separator: ", ")) expected"
          + source.suggestion(for: text, among: words))
    }
    return text
  }
}
