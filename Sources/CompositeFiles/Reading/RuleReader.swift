import LRP
import Tensors
import YAMLFiles
import Yams

/// Reads an entry of a map: what it is for, the rule, and the rule's parameters.
struct RuleReader {
  let source: YAMLSource

  struct Entry {
    /// The node of `names` or `types`, and those in its list.
    let selector: Node
    let selection: [YAMLNode]
    let rule: any Rule
    /// `mine.yaml:4:30`.
    let place: String
  }

  /// - Parameters:
  ///   - selector: `names` or `types`.
  ///   - example: a value for it, for messages.
  func entry(_ node: YAMLNode, selector: String, example: String) throws -> Entry {
    let what = "{\(selector): [\(example)], rule: …}"
    let fields = try source.fields(node, of: what)
    guard let selected = fields.first(where: { $0.name == selector }) else {
      throw source.error(node, "no '\(selector)' found, \(what) expected")
    }
    let selection = try source.list(selected.value, of: "a list ([\(example)])")
    guard !selection.isEmpty else { throw source.error(selected.value, "an empty list found, [\(example)] expected") }
    guard let rule = fields.first(where: { $0.name == "rule" }) else {
      throw source.error(node, "no 'rule' found, \(what) expected")
    }
    let parameters = fields.filter { $0.name != selector && $0.name != "rule" }
    return Entry(
      selector: selected.value, selection: selection, rule: try self.rule(rule.value, parameters, of: selector),
      place: source.file + (rule.value.mark.map { ":\($0.line):\($0.column)" } ?? ""))
  }

  private func rule(_ node: YAMLNode, _ fields: [YAMLSource.Field], of selector: String) throws -> any Rule {
    let name = try source.text(node, "a rule")
    guard let description = RuleCatalog.description(of: name) else {
      let names = RuleCatalog.descriptions.map(\.name)
      throw source.error(
        node,
        "'\(source.shown(name))' found, a rule expected" + source.suggestion(for: name, among: names)
          + " ('lrp rules' lists them)")
    }
    var values: [String: ParameterValue] = [:]
    for field in fields {
      guard let parameter = description.parameters.first(where: { $0.name == field.name }) else {
        let names = description.parameters.map(\.name)
        let known = names.isEmpty ? "\(name) has no parameters" : "\(name) has \(names.joined(separator: ", "))"
        throw source.error(
          field.key,
          "the key '\(source.shown(field.name))' found; \(known)"
            + source.suggestion(for: field.name, among: names + [selector, "rule"]))
      }
      let value = try self.value(field.value, of: parameter)
      if let problem = parameter.objection(to: value) {
        throw source.error(field.value, "\(name): \(parameter.name): \(problem)")
      }
      values[parameter.name] = value
    }
    if case .bound(let low)? = values["low"], case .bound(let high)? = values["high"],
      let problem = Bound.orderObjection(low: low, high: high), let place = fields.first(where: { $0.name == "low" })
    {
      throw source.error(place.value, "\(name): \(problem)")
    }
    do {
      return try RuleCatalog.make(name, values)
    } catch let error as LRPError {
      throw source.error(node, "\(error)")
    }
  }

  private func value(_ node: YAMLNode, of parameter: ParameterDescription) throws -> ParameterValue {
    let expectation = "\(parameter.expectation) for \(parameter.name)"
    switch parameter.kind {
    case .number, .count: return .number(try source.number(node, expectation))
    case .stabilizer: return .stabilizer(try stabilizer(node, expectation))
    case .bound: return .bound(try bound(node, expectation))
    case .keys: return .keys(try parameterKeys(node, expectation))
    }
  }

  private func stabilizer(_ node: YAMLNode, _ expectation: String) throws -> Stabilizer {
    guard case .mapping = node else { return Stabilizer(try source.number(node, expectation)) }
    var result = Stabilizer()
    for field in try source.fields(node, of: expectation) {
      switch field.name {
      case "epsilon": result.epsilon = try source.number(field.value, "a number of at least 0 for epsilon")
      case "clip": result.clip = try source.flag(field.value, "clip")
      case "norm_scale": result.normScale = try source.flag(field.value, "norm_scale")
      case "dim": result.dim = try axes(field.value)
      default:
        let names = ["epsilon", "clip", "norm_scale", "dim"]
        throw source.error(
          field.key,
          "the key '\(source.shown(field.name))' found, one of \(names.joined(separator: ", ")) expected"
            + source.suggestion(for: field.name, among: names))
      }
    }
    if result.dim != nil, !result.normScale {
      throw source.error(node, "dim found without norm_scale: true, which alone uses it")
    }
    return result
  }

  private func axes(_ node: YAMLNode) throws -> [Int] {
    let what = "an axis number for dim"
    guard case .sequence = node else { return [try source.integer(node, what)] }
    let axes = try source.list(node, of: "a list of axes").map { try source.integer($0, what) }
    guard !axes.isEmpty else { throw source.error(node, "an empty list found, a list of axes for dim expected") }
    return axes
  }

  private func parameterKeys(_ node: YAMLNode, _ expectation: String) throws -> Set<ParameterKey> {
    var keys = Set<ParameterKey>()
    for node in try source.list(node, of: expectation) {
      let name = try source.text(node, expectation)
      guard let key = ParameterKey(rawValue: name) else {
        throw source.error(
          node,
          "'\(source.shown(name))' found, \(expectation) expected"
            + source.suggestion(for: name, among: ParameterKey.allCases.map(\.rawValue)))
      }
      guard keys.insert(key).inserted else { throw source.error(node, "'\(name)' is there twice") }
    }
    return keys
  }

  // MARK: Bounds

  private func bound(_ node: YAMLNode, _ expectation: String) throws -> Bound {
    guard case .sequence(let sequence) = node else { return .scalar(try source.number(node, expectation)) }
    let items = try source.list(node, of: expectation)
    guard !items.isEmpty else { throw source.error(node, "an empty list found, \(expectation) expected") }
    guard sequence.contains(where: { !source.isNumber($0) }), case .sequence = items[0] else {
      return .perChannel(try items.map { try source.number($0, expectation) })
    }
    var extents: [Int] = []
    var elements: [Float] = []
    try flatten(node, depth: 0, into: &elements, extents: &extents)
    guard let shape = Shape(checking: extents), shape.count == elements.count else {
      throw source.error(node, "lists of unequal length found, an array expected")
    }
    return .tensor(Tensor(shape, rowMajor: elements))
  }

  /// Reads nested lists, all of one depth and length per depth.
  private func flatten(_ node: YAMLNode, depth: Int, into elements: inout [Float], extents: inout [Int]) throws {
    guard case .sequence = node else {
      let number = try source.number(node, "a number")
      guard depth == extents.count else { throw source.error(node, "a number found, a list expected") }
      guard Float(number).isFinite else { throw source.error(node, "\(number) found, a float32 number expected") }
      elements.append(Float(number))
      return
    }
    let items = try source.list(node, of: "a list")
    if depth == extents.count {
      guard elements.isEmpty, depth < 8, !items.isEmpty else {
        throw source.error(node, "a list found, a number expected")
      }
      extents.append(items.count)
    }
    guard items.count == extents[depth] else {
      throw source.error(node, "a list of \(items.count) found, one of \(extents[depth]) expected as before")
    }
    for item in items { try flatten(item, depth: depth + 1, into: &elements, extents: &extents) }
  }
}
