import LRP
import NeuralNetwork
import Tensors

/// The open model with what is derived from it.
package struct ModelState: Sendable {
  package var opened: OpenedModel
  /// The network that rules apply to: after the composite's canonizers.
  package private(set) var network: Network
  package private(set) var rows: [LayerRow]
  private var canonizers: [any Canonizer]
  /// What other canonizers made of the network, in the background.
  private var prepared: (canonizers: [any Canonizer], network: Network)?
  /// Module paths that take rules, in layer order, each once.
  package private(set) var paths: [String] = []
  private var rowsByPath: [String: [Int]] = [:]

  /// - Throws: ``NetworkError`` if the network cannot take the input.
  package init(_ opened: OpenedModel) throws {
    self.opened = opened
    network = opened.canonized
    canonizers = opened.canonizers
    rows = try LayerRow.rows(of: network, input: opened.sample.shape)
    index()
  }

  /// Brings network and rows to what other canonizers make of them; cheap if they are the same.
  /// - Throws: ``LRPError`` or ``NetworkError`` if they do not fit the network; nothing is changed then.
  mutating func canonize(with canonizers: [any Canonizer]) throws {
    let key = canonizers.map(\.identity)
    guard key != self.canonizers.map(\.identity) else { return }
    var network = key == opened.canonizers.map(\.identity) ? opened.canonized : nil
    if network == nil, let prepared, prepared.canonizers.map(\.identity) == key { network = prepared.network }
    try canonize(with: canonizers, making: network ?? CompositeCanonizer(canonizers).apply(to: opened.network))
  }

  /// Brings network and rows to what other canonizers have made of them.
  /// - Throws: ``NetworkError`` if the network cannot take the input; nothing is changed then.
  mutating func canonize(with canonizers: [any Canonizer], making network: Network) throws {
    rows = try LayerRow.rows(of: network, input: opened.sample.shape)
    self.network = network
    self.canonizers = canonizers
    index()
  }

  /// Keeps what canonizers made of the network until they are asked for.
  mutating func prepare(_ network: Network, for canonizers: [any Canonizer]) {
    prepared = (canonizers, network)
  }

  /// Takes another input; its shape may differ.
  /// - Throws: ``NetworkError`` if the network cannot take it; nothing is changed then.
  mutating func setSample(_ sample: InputSample) throws {
    if sample.shape != opened.sample.shape {
      rows = try LayerRow.rows(of: network, input: sample.shape)
      index()
    }
    opened.sample = sample
  }

  private mutating func index() {
    rowsByPath = [:]
    for row in rows { rowsByPath[row.path, default: []].append(row.index) }
    var seen = Set<String>()
    paths = rows.filter { $0.takesRules && seen.insert($0.path).inserted }.map(\.path)
  }

  package func rows(ofPath path: String) -> [LayerRow] { (rowsByPath[path] ?? []).map { rows[$0] } }

  package func row(_ index: Int) -> LayerRow? { rows.indices.contains(index) ? rows[index] : nil }

  /// The rules a composite gives to the canonized network, with their reasons.
  /// - Throws: if the composite does not fit the network.
  package func rules(of composite: any Composite) throws -> [String: RuleMatch] {
    let mapper = try composite.mapper(for: network)
    var rules: [String: RuleMatch] = [:]
    for module in network.modules {
      let match = try mapper(module)
      if rules[module.path] == nil { rules[module.path] = match }
    }
    return rules
  }

  /// Why `rule` cannot be used on a module, or `nil`.
  package func objection(to rule: any Rule, path: String) -> String? {
    for row in rows(ofPath: path) {
      if !row.takesRules { return "\(row.kind.rawValue) is an operation without a module; no rule can be assigned" }
      if let problem = boundObjection(to: rule, row) { return problem }
      if let problem = rule.objection(
        to: network.nodes[row.index].layer, inputs: row.inputShapes, output: row.outputShape)
      {
        return problem
      }
    }
    return nil
  }

  /// Bounds per channel need as many numbers as the layer's input has channels.
  private func boundObjection(to rule: any Rule, _ row: LayerRow) -> String? {
    guard let channels = row.inputShapes.first?.channels else { return nil }
    for parameter in rule.parameters {
      if case .bound(.perChannel(let numbers)) = parameter.value, numbers.count != 1, numbers.count != channels {
        return "\(parameter.name): \(numbers.count) numbers found, 1 or \(channels) (one per input channel) expected"
      }
    }
    return nil
  }

  /// `285 Egyptian cat`, or `class 285` without names.
  package func label(ofClass index: Int) -> String {
    opened.labels.indices.contains(index) ? opened.labels[index] : "class \(index)"
  }
}
