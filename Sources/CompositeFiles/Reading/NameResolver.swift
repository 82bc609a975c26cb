import LRP
import NeuralNetwork
import YAMLFiles
import Yams

/// Expands names, globs (`features.*`) and ranges (`conv1..layer2.0.conv2`) to the modules of a network.
struct NameResolver {
  private let source: YAMLSource
  private let network: Network?
  private let canonizers: [any Canonizer]
  /// Module paths in registration order, once they are known.
  private var order: [String]?
  private var isCanonized = false
  /// Where a name got its rule: by an earlier entry's line, and whether it was written out there.
  private var taken: [String: (line: Int, isExact: Bool)] = [:]

  init(source: YAMLSource, network: Network?, canonizers: [any Canonizer]) {
    self.source = source
    self.network = network
    self.canonizers = canonizers
    order = network?.registrationOrder
  }

  /// The modules of one entry that no earlier entry has, as the first entry that names a module wins.
  /// - Parameter selector: the node of the whole list.
  mutating func resolve(_ nodes: [YAMLNode], in selector: YAMLNode) throws -> [String] {
    var result: [String] = []
    var earlier: (name: String, line: Int)?
    for node in nodes {
      let text = try source.text(node, "a layer's name")
      let isExact = !Self.isPattern(text)
      for name in try names(text, node) {
        if let previous = taken[name] {
          if isExact, previous.isExact {
            throw source.error(node, "'\(name)' already has a rule, from line \(previous.line); remove one of them")
          }
          if !result.contains(name) { earlier = earlier ?? (name, previous.line) }
          continue
        }
        taken[name] = (node.mark?.line ?? 0, isExact)
        result.append(name)
      }
    }
    if result.isEmpty, let earlier {
      throw source.error(
        selector,
        "every layer of this entry, as '\(earlier.name)', already has a rule, from line \(earlier.line); "
          + "the first entry wins, so put the more special one first")
    }
    return result
  }

  private static func isPattern(_ text: String) -> Bool { text.contains("*") || text.contains("..") }

  private mutating func names(_ text: String, _ node: YAMLNode) throws -> [String] {
    guard Self.isPattern(text) else {
      if let known = try known(containing: text), !known.contains(text) { throw unknown(text, node) }
      return [text]
    }
    try canonizeOnce()
    guard let order else {
      throw source.error(
        node,
        "'\(source.shown(text))' found; globs and ranges need a model to refer to ('model:' in the file, or --model)")
    }
    let parts = text.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
    if parts.count > 1 { return try range(parts, text, node, order) }
    let pattern = Array(text.unicodeScalars)
    let matching = order.filter { Self.matches(Array($0.unicodeScalars), pattern) }
    guard !matching.isEmpty else {
      throw source.error(node, "'\(source.shown(text))' found, which is no layer of \(network?.name ?? "the model")")
    }
    return matching
  }

  private func range(_ parts: [String], _ text: String, _ node: YAMLNode, _ order: [String]) throws -> [String] {
    guard parts.count == 2, !text.contains("*"), !parts[0].isEmpty, !parts[1].isEmpty else {
      throw source.error(node, "'\(source.shown(text))' found, a range of two layers (first..last) expected")
    }
    let ends = try parts.map { name in
      guard let index = order.firstIndex(of: name) else { throw unknown(name, node) }
      return index
    }
    guard ends[0] <= ends[1] else {
      throw source.error(node, "'\(text)' found, but \(parts[0]) comes after \(parts[1]); turn it around")
    }
    return Array(order[ends[0]...ends[1]])
  }

  /// The modules; those that canonizers add are looked up only when a name asks for them, because canonizing takes time.
  private mutating func known(containing name: String) throws -> [String]? {
    if let order, !order.contains(name) { try canonizeOnce() }
    return order
  }

  private mutating func canonizeOnce() throws {
    guard !isCanonized, let network else { return }
    isCanonized = true
    do {
      order = try CompositeCanonizer(canonizers).apply(to: network).registrationOrder
    } catch {
      throw CompositeFileError.unreadable(file: source.file, problem: "\(error)")
    }
  }

  private func unknown(_ name: String, _ node: YAMLNode) -> YAMLFileError {
    let model = network?.name ?? "the model"
    if let operation = network?.nodes.first(where: { $0.path == name }) {
      return source.error(
        node,
        "'\(name)' is \(operation.layer.kind.rawValue), an operation without a module, and takes no rule; "
          + "ResidualSums (or, for torchvision's ResNets, ResNetCanonizer) turns additions into layers that do")
    }
    return source.error(
      node,
      "'\(source.shown(name))' found, which is no layer of \(model)"
        + source.suggestion(for: name, among: order ?? []) + " ('lrp layers --model \(model)' lists them)")
  }

  /// Whether `name` fits a pattern in which `*` stands for any run of characters, also none.
  static func matches(_ name: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
    var (n, p) = (0, 0)
    var star: (pattern: Int, name: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, n)
        p += 1
      } else if p < pattern.count, pattern[p] == name[n] {
        (n, p) = (n + 1, p + 1)
      } else if let last = star {
        // Let the last star swallow one more.
        star = (last.pattern, last.name + 1)
        (n, p) = (last.name + 1, last.pattern + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
