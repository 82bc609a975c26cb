import Foundation

/// A path with fields, as Python's `str.format` reads it: `heatmaps/{sample:04d}.png`. `{{` and `}}` stand for braces.
public struct PathTemplate: Sendable, Hashable {
  /// What a field may hold.
  public enum Kind: Sendable {
    /// Whole numbers; `{sample:04d}` fills up with zeros to four digits, `{sample:4}` with blanks.
    case number
    case text
  }

  public enum Value: Sendable, Hashable {
    case number(Int)
    case text(String)
  }

  private enum Part: Hashable {
    case literal(String)
    case field(String, width: Int, isZeroFilled: Bool)
  }

  /// As it was written.
  public let text: String
  private let parts: [Part]

  /// - Parameter fields: the fields that there are.
  /// - Throws: ``FileError/template(text:problem:)``.
  public init(_ text: String, fields: [String: Kind]) throws(FileError) {
    var parts: [Part] = []
    var literal = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == "{" || character == "}", rest.first == character {
        literal.append(character)
        rest.removeFirst()
      } else if character == "}" {
        throw .template(text: text, problem: "'}' without '{' found; write '}}' for a brace")
      } else if character == "{" {
        guard let end = rest.firstIndex(of: "}") else {
          throw .template(text: text, problem: "'{' without '}' found; write '{{' for a brace")
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = ""
        parts.append(try Self.field(rest[..<end], of: text, fields))
        rest = rest[rest.index(after: end)...]
      } else {
        literal.append(character)
      }
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
    self.text = text
    self.parts = parts
  }

  private static func field(
    _ source: Substring, of text: String, _ fields: [String: Kind]
  ) throws(FileError) -> Part {
    let pieces = source.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(pieces[0])
    guard let kind = fields[name] else {
      let known = fields.keys.sorted().map { "{\($0)}" }.joined(separator: ", ")
      throw .template(text: text, problem: "{\(name)} found, \(known) expected")
    }
    guard pieces.count == 2 else { return .field(name, width: 0, isZeroFilled: false) }
    var digits = pieces[1]
    if digits.last == (kind == .number ? "d" : "s") { digits.removeLast() }
    let isZeroFilled = digits.first == "0" && kind == .number
    guard let width = digits.isEmpty ? 0 : Int(digits), (0...100).contains(width), digits.allSatisfy(\.isNumber) else {
      let example = kind == .number ? "'04d'" : "a width"
      throw .template(text: text, problem: "format '\(pieces[1])' found for {\(name)}, one such as \(example) expected")
    }
    return .field(name, width: width, isZeroFilled: isZeroFilled)
  }

  /// The names of the fields that occur.
  public var fields: Set<String> {
    Set(parts.compactMap { if case .field(let name, _, _) = $0 { name } else { nil } })
  }

  /// The path for the values of the fields; what has none becomes empty.
  public func path(_ values: [String: Value]) -> String {
    parts.map { part in
      switch part {
      case .literal(let text): text
      case .field(let name, let width, let isZeroFilled): Self.filled(values[name], width, isZeroFilled)
      }
    }.joined()
  }

  private static func filled(_ value: Value?, _ width: Int, _ isZeroFilled: Bool) -> String {
    switch value {
    case .number(let number):
      let digits = String(number.magnitude)
      let sign = number < 0 ? "-" : ""
      let missing = max(0, width - digits.count - sign.count)
      return isZeroFilled
        ? sign + String(repeating: "0", count: missing) + digits
        : String(repeating: " ", count: missing) + sign + digits
    case .text(let text): return text + String(repeating: " ", count: max(0, width - text.count))
    case nil: return ""
    }
  }
}
