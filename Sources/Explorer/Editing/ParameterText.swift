import LRP

/// Parameter values as they are typed: `0.25`, `1e-6`, `{epsilon: 0.25, norm_scale: true}`, `[-2.1, -2.0, -1.8]`, `bias`.
package enum ParameterText {
  package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// Reads a value for a parameter.
  /// - Throws: ``Problem`` saying what was found and what is expected.
  package static func read(_ text: String, for parameter: ParameterDescription) throws(Problem) -> ParameterValue {
    let text = text.trimmed
    func problem() -> Problem {
      let found = text.isEmpty ? "nothing" : "“\(text)”"
      return Problem(description: "\(parameter.name): \(found) found, \(parameter.expectation) expected")
    }
    let value: ParameterValue?
    switch parameter.kind {
    case .number, .count: value = number(text).map { .number($0) }
    case .stabilizer: value = stabilizer(text).map { .stabilizer($0) }
    case .bound: value = bound(text).map { .bound($0) }
    case .keys: value = keys(text).map { .keys($0) }
    }
    guard let value else { throw problem() }
    if let objection = parameter.objection(to: value) {
      throw Problem(description: "\(parameter.name): \(objection)")
    }
    return value
  }

  /// A value as it is offered for editing; reads back as the same value, tensors excepted.
  package static func text(of value: ParameterValue) -> String {
    if case .keys(let keys) = value { return keys.sorted().map(\.rawValue).joined(separator: ", ") }
    return value.description
  }

  static func number(_ text: String) -> Double? { Double(text.trimmed).flatMap { $0.isFinite ? $0 : nil } }

  private static func stabilizer(_ text: String) -> Stabilizer? {
    if let number = number(text) { return Stabilizer(number) }
    guard let inner = text.between("{", "}") else { return nil }
    var result = Stabilizer()
    for part in inner.partsOutsideBrackets {
      let pair = part.split(separator: ":", maxSplits: 1).map { String($0).trimmed }
      guard pair.count == 2 else { return nil }
      switch (pair[0], pair[1]) {
      case ("epsilon", let text):
        guard let number = number(text) else { return nil }
        result.epsilon = number
      case ("clip", "true"): result.clip = true
      case ("norm_scale", "true"): result.normScale = true
      case ("clip", "false"), ("norm_scale", "false"): break
      case ("dim", let text):
        guard let axes = integers(text) else { return nil }
        result.dim = axes
      default: return nil
      }
    }
    return result
  }

  static func integers(_ text: String) -> [Int]? {
    let parts = (text.between("[", "]") ?? text).split(separator: ",").map { Int(String($0).trimmed) }
    let numbers = parts.compactMap(\.self)
    return numbers.isEmpty || numbers.count < parts.count ? nil : numbers
  }

  static func bound(_ text: String) -> Bound? {
    if let number = number(text) { return .scalar(number) }
    let parts = (text.between("[", "]") ?? text).split(separator: ",").map { number(String($0)) }
    let numbers = parts.compactMap(\.self)
    return numbers.isEmpty || numbers.count < parts.count ? nil : .perChannel(numbers)
  }

  private static func keys(_ text: String) -> Set<ParameterKey>? {
    let parts = (text.between("[", "]") ?? text).split { $0 == "," || $0 == " " }.map {
      ParameterKey(rawValue: String($0))
    }
    let keys = parts.compactMap(\.self)
    return keys.count < parts.count ? nil : Set(keys)
  }
}

extension String {
  /// Without spaces at both ends.
  package var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  fileprivate func between(_ open: Character, _ close: Character) -> String? {
    count >= 2 && first == open && last == close ? String(dropFirst().dropLast()) : nil
  }

  /// The parts between commas that stand in no brackets.
  fileprivate var partsOutsideBrackets: [String] {
    var parts = [""]
    var depth = 0
    for character in self {
      if character == "[" { depth += 1 }
      if character == "]" { depth -= 1 }
      if character == ",", depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.filter { !$0.trimmed.isEmpty }
  }
}
