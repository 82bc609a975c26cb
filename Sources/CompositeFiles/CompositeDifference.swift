import LRP
import NeuralNetwork

/// What is different between two composites, line by line.
public struct CompositeDifference: Sendable, Equatable {
  /// One thing that differs: a layer's rule, an entry of a map, the canonizers.
  public struct Item: Sendable, Equatable {
    /// `features.0`, `layer_map: Convolution`, `canonizers`, …
    public let place: String
    /// What the first and the second composite have there; `nil` for nothing.
    public let first: String?
    public let second: String?
  }

  public let items: [Item]
  public var isEmpty: Bool { items.isEmpty }

  /// Compares what stands in two files.
  public init(_ first: CompositeDocument, _ second: CompositeDocument) {
    var items: [Item] = []
    func add(_ place: String, _ first: String?, _ second: String?) {
      if first != second { items.append(Item(place: place, first: first, second: second)) }
    }
    add("model", first.model, second.model)
    add("canonizers", Self.canonizers(first.canonizers), Self.canonizers(second.canonizers))
    let rules = (Self.rules(first.nameMap), Self.rules(second.nameMap))
    for name in Self.union(rules.0.names, rules.1.names) { add(name, rules.0.rules[name], rules.1.rules[name]) }
    for (map, left, right) in [
      ("first_map", first.firstMap, second.firstMap), ("layer_map", first.layerMap, second.layerMap),
    ] {
      let (left, right) = (Self.entries(left), Self.entries(right))
      for change in right.difference(from: left) {
        switch change {
        case .remove(_, let entry, _): add("\(map): \(entry.types)", entry.rule, nil)
        case .insert(_, let entry, _): add("\(map): \(entry.types)", nil, entry.rule)
        }
      }
    }
    self.items = items
  }

  /// Compares which rule each module of a network gets.
  public init(_ first: Assignment, _ second: Assignment) {
    let (left, right) = (Self.rules(first), Self.rules(second))
    items = Self.union(first.network.registrationOrder, second.network.registrationOrder).compactMap { path in
      left[path] == right[path] ? nil : Item(place: path, first: left[path], second: right[path])
    }
  }

  private struct Entry: Hashable {
    let types: String
    let rule: String
  }

  private static func entries(_ map: [LayerMapEntry]) -> [Entry] {
    map.map { Entry(types: $0.types.map(\.name).joined(separator: ", "), rule: text($0.rule)) }
  }

  private static func rules(_ map: [NameMapEntry]) -> (names: [String], rules: [String: String]) {
    var names: [String] = []
    var rules: [String: String] = [:]
    for entry in map {
      for name in entry.names where rules[name] == nil {
        names.append(name)
        rules[name] = text(entry.rule)
      }
    }
    return (names, rules)
  }

  private static func rules(_ assignment: Assignment) -> [String: String] {
    var rules: [String: String] = [:]
    for (node, match) in zip(assignment.network.nodes, assignment.matches) {
      rules[node.path] = match.map { text($0.rule) } ?? "gradient"
    }
    return rules
  }

  /// `Gamma, gamma: 0.25, stabilizer: 1e-6`: every parameter, so that different rules never look alike.
  private static func text(_ rule: any Rule) -> String { String(RuleText.fields(of: rule).dropFirst("rule: ".count)) }

  private static func canonizers(_ canonizers: [any Canonizer]?) -> String? {
    canonizers.map { CompositeDocument(canonizers: $0).yaml() }
      .flatMap { $0.split(separator: "\n").last { $0.hasPrefix("canonizers: ") } }
      .map { String($0.dropFirst("canonizers: ".count)) }
  }

  /// All elements of both, those of the first in its order, each of the second's own behind its predecessor there.
  private static func union(_ first: [String], _ second: [String]) -> [String] {
    var result = first
    var known = Set(first)
    var position = 0
    for name in second {
      if known.insert(name).inserted {
        result.insert(name, at: position)
        position += 1
      } else if let index = result.firstIndex(of: name) {
        position = index + 1
      }
    }
    return result
  }
}
