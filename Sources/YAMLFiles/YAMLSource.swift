import FileSystem
import NeuralNetwork
import Yams

/// A node of a YAML text; networks have nodes too.
package typealias YAMLNode = Yams.Node

/// A YAML text taken apart into nodes that know their place, with readers for the few kinds of values that the
/// program's files have. Every reader throws a ``YAMLFileError`` at the node's line and column.
package struct YAMLSource {
  /// What the file is called in messages.
  package let file: String
  /// What it should be: `a composite file`.
  private let what: String
  /// Files larger than this are not read, in bytes.
  package static let largestSize = 1 << 20
  /// More characters than this that can begin a node are not taken apart.
  private static let mostMarks = 1 << 16
  private static let marks = Set("\n,:-?[{".utf8)

  package init(file: String, what: String) {
    self.file = file
    self.what = what
  }

  /// The text of the file at `path`.
  /// - Throws: `FileError` if it cannot be read, ``YAMLFileError`` if it is too large or no text.
  package func text(ofFile path: String) throws -> String {
    do {
      return try TextFile.read(path, largest: Self.largestSize, what: what)
    } catch FileError.notText(_, let problem) {
      throw YAMLFileError.unreadable(file: file, problem: problem)
    }
  }

  package func checkSize(_ count: Int) throws {
    guard count <= Self.largestSize else {
      throw YAMLFileError.unreadable(
        file: file, problem: "\(count) bytes found, at most \(Self.largestSize) expected of \(what)")
    }
  }

  /// The text's only document, `nil` if there is none.
  package func root(of text: String) throws -> YAMLNode? {
    try checkSize(text.utf8.count)
    // A node takes hundreds of bytes, of which the smallest is a single one in the file.
    let marks = text.utf8.count { Self.marks.contains($0) }
    guard marks <= Self.mostMarks else {
      throw YAMLFileError.unreadable(
        file: file, problem: "more than \(Self.mostMarks) entries found, fewer expected of \(what)")
    }
    try refuseAliases(in: text)
    do {
      // Without rules for guessing types, a scalar is its text: what is a number is decided here.
      let parser = try Parser(yaml: text, resolver: .basic)
      // Anchors are weak references into the parser.
      return try withExtendedLifetime(parser) {
        let root = try parser.singleRoot()
        if let root { try refuseAnchors(in: root) }
        return root
      }
    } catch let error as YamlError {
      throw translated(error)
    }
  }

  package func error(_ node: YAMLNode, _ problem: String) -> YAMLFileError {
    .invalid(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, problem: problem)
  }

  // MARK: Values

  package struct Field {
    package let name: String
    package let key: YAMLNode
    package let value: YAMLNode
  }

  /// The entries of a mapping, whose keys are distinct.
  /// - Parameter what: what was expected, for the message.
  package func fields(_ node: YAMLNode, of what: String) throws -> [Field] {
    guard case .mapping(let mapping) = node else { throw error(node, "\(found(node)), \(what) expected") }
    try checkTag(node)
    var names = Set<String>()
    return try mapping.map { key, value in
      guard case .scalar(let scalar) = key else { throw error(key, "\(found(key)) as a key, a name expected") }
      guard names.insert(scalar.string).inserted else { throw error(key, "'\(shown(scalar.string))' is there twice") }
      return Field(name: scalar.string, key: key, value: value)
    }
  }

  package func list(_ node: YAMLNode, of what: String) throws -> [YAMLNode] {
    guard case .sequence(let sequence) = node else { throw error(node, "\(found(node)), \(what) expected") }
    try checkTag(node)
    return Array(sequence)
  }

  /// A word or quoted text that is not empty.
  package func text(_ node: YAMLNode, _ what: String) throws -> String {
    guard case .scalar(let scalar) = node, !isNull(scalar) else {
      throw error(node, "\(found(node)), \(what) expected")
    }
    try checkTag(node)
    guard !scalar.string.isEmpty else { throw error(node, "an empty text found, \(what) expected") }
    return scalar.string
  }

  /// Text of one or more lines, with the file's line of its first.
  package func lines(_ node: YAMLNode, _ what: String) throws -> (text: String, firstLine: Int) {
    let text = try text(node, what)
    guard case .scalar(let scalar) = node else { return (text, 1) }
    // A block begins below its sign.
    let isBlock = scalar.style == .literal || scalar.style == .folded
    return (text, (node.mark?.line ?? 1) + (isBlock ? 1 : 0))
  }

  /// A finite number, not in quotes.
  package func number(_ node: YAMLNode, _ what: String) throws -> Double {
    guard case .scalar(let scalar) = node, isPlain(scalar), let value = NumberText.value(scalar.string) else {
      throw error(node, "\(found(node)), \(what) expected")
    }
    return value
  }

  package func integer(_ node: YAMLNode, _ what: String) throws -> Int {
    guard case .scalar(let scalar) = node, isPlain(scalar), let value = Int(scalar.string) else {
      throw error(node, "\(found(node)), \(what) expected")
    }
    return value
  }

  package func flag(_ node: YAMLNode, _ what: String) throws -> Bool {
    guard case .scalar(let scalar) = node, isPlain(scalar), let value = Bool(scalar.string) else {
      throw error(node, "\(found(node)), \(what) (true or false) expected")
    }
    return value
  }

  package func isNumber(_ node: YAMLNode) -> Bool {
    if case .scalar(let scalar) = node { return isPlain(scalar) && NumberText.value(scalar.string) != nil }
    return false
  }

  /// What stands at a node, in words.
  package func found(_ node: YAMLNode) -> String {
    switch node {
    case .scalar(let scalar):
      if isNull(scalar) { return "nothing found" }
      if isPlain(scalar) { return "'\(shown(scalar.string))' found" }
      return "the text \"\(shown(scalar.string))\" found"
    case .mapping: return "a mapping found"
    case .sequence: return "a list found"
    case .alias: return "an alias found"
    }
  }

  /// `; did you mean 'x'?`, or nothing.
  package func suggestion(for word: String, among candidates: some Sequence<String>) -> String {
    Spelling.nearest(to: word, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// Text from a file, fit for a message on a terminal: no control characters, not endless.
  package func shown(_ text: String) -> String { text.shown() }

  private func isPlain(_ scalar: YAMLNode.Scalar) -> Bool { scalar.style == .plain && scalar.tag.description.isEmpty }
  private func isNull(_ scalar: YAMLNode.Scalar) -> Bool {
    isPlain(scalar) && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  private func checkTag(_ node: YAMLNode) throws {
    let tag: String
    switch node {
    case .scalar(let scalar): tag = scalar.tag.description
    case .mapping(let mapping): tag = mapping.tag.description
    case .sequence(let sequence): tag = sequence.tag.description
    case .alias: tag = ""
    }
    guard tag.isEmpty || ["str", "seq", "map"].contains(where: { tag == "tag:yaml.org,2002:\($0)" }) else {
      throw error(node, "the tag '\(shown(tag))' found, none expected")
    }
  }

  // MARK: Aliases

  /// Refuses texts whose aliases could multiply into something huge, before they are expanded.
  ///
  /// A few aliases are left for ``refuseAnchors(in:)``, which knows exactly what is an anchor and what a comment.
  private func refuseAliases(in text: String) throws {
    var (anchors, aliases) = (0, 0)
    var first: (line: Int, column: Int)?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      var previous: Unicode.Scalar = " "
      for (column, scalar) in line.unicodeScalars.enumerated() {
        if " \t[{,:-?\r".unicodeScalars.contains(previous) {
          if scalar == "&" {
            anchors += 1
            first = first ?? (index + 1, column + 1)
          } else if scalar == "*" {
            aliases += 1
          }
        }
        previous = scalar
      }
    }
    if let first, anchors > 0, aliases > 8 {
      throw YAMLFileError.invalid(
        file: file, line: first.line, column: first.column, problem: Self.noAnchors)
    }
  }

  private static let noAnchors = "an anchor ('&') found; anchors and aliases are not understood, write values out"

  private func refuseAnchors(in root: YAMLNode) throws {
    var pending = [root]
    while let node = pending.popLast() {
      guard node.anchor == nil else { throw error(node, Self.noAnchors) }
      switch node {
      case .mapping(let mapping): for (key, value) in mapping { pending += [value, key] }
      case .sequence(let sequence): pending += sequence.reversed()
      default: break
      }
    }
  }

  // MARK: Errors of the YAML reader

  private func translated(_ error: YamlError) -> YAMLFileError {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      var words = [context?.text, problem].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ": ")
      if words.contains("alias") { words += "; a name that begins with * must be in quotes" }
      return .invalid(file: file, line: mark.line, column: mark.column, problem: "no valid YAML: \(words)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.map { "'\(shown($0))'" }.joined(separator: ", ")
      return .invalid(
        file: file, line: context.mark.line, column: context.mark.column, problem: "\(names) is there twice")
    case .reader(let problem, _, _, _):
      return .unreadable(file: file, problem: "no valid YAML: \(problem)")
    default:
      return .unreadable(file: file, problem: "no valid YAML")
    }
  }
}
