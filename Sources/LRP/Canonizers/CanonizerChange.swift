import NeuralNetwork

/// Something that a canonizer has changed in a network.
public struct CanonizerChange: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case merged = "batch norm merged"
    case replaced = "operation replaced"
    case added = "layer added"
    case removed = "layer removed"
  }

  /// The canonizer's name.
  public let canonizer: String
  /// The node's name, before if it was removed or renamed, else after.
  public let layer: String
  public let kind: Kind
  /// What it was and what it is: `Add → Sum`.
  public let text: String

  /// What `canonizers`, one after the other, change in a network.
  /// - Throws: as they do.
  public static func list(_ canonizers: [any Canonizer], on network: Network) throws -> [CanonizerChange] {
    try canonizing(network, with: canonizers).changes
  }

  /// What `canonizers` make of a network, and what they change on the way.
  public static func canonizing(
    _ network: Network, with canonizers: [any Canonizer]
  ) throws -> (network: Network, changes: [CanonizerChange]) {
    var network = network
    var changes: [CanonizerChange] = []
    for canonizer in canonizers {
      let next = try canonizer.apply(to: network)
      changes += list(from: network, to: next, by: canonizer.name)
      network = next
    }
    return (network, changes)
  }

  /// One line per canonizer and kind of change: `GraphMergeBatchNorm: 34 × batch norm merged (bn1, …)`.
  public static func summary(_ changes: [CanonizerChange]) -> [String] {
    var lines: [String] = []
    var names: [String] = []
    for change in changes where !names.contains(change.canonizer) { names.append(change.canonizer) }
    for name in names {
      for kind in Kind.allCases {
        let matching = changes.filter { $0.canonizer == name && $0.kind == kind }
        guard let first = matching.first else { continue }
        let texts = Set(matching.map(\.text))
        let what = texts.count == 1 && kind != .merged ? first.text : kind.rawValue
        let examples = matching.prefix(3).map(\.layer).joined(separator: ", ") + (matching.count > 3 ? ", …" : "")
        lines.append("\(name): \(matching.count) × \(what) (\(examples))")
      }
    }
    return lines
  }

  private static func list(from before: Network, to after: Network, by canonizer: String) -> [CanonizerChange] {
    let old = Dictionary(before.nodes.map { ($0.name, $0) }) { first, _ in first }
    let names = Set(after.nodes.map(\.name))
    var changes: [CanonizerChange] = []
    // A node that was renamed stands at the same place with the same inputs.
    let sameCount = before.nodes.count == after.nodes.count
    for (index, node) in after.nodes.enumerated() {
      let previous =
        old[node.name] ?? (sameCount && !names.contains(before.nodes[index].name) ? before.nodes[index] : nil)
      guard let previous else {
        changes.append(.init(canonizer: canonizer, layer: node.name, kind: .added, text: node.layer.summary))
        continue
      }
      if let change = change(from: previous, to: node, by: canonizer) { changes.append(change) }
    }
    let gone = sameCount ? [] : before.nodes.filter { !names.contains($0.name) }
    return changes
      + gone.map { .init(canonizer: canonizer, layer: $0.name, kind: .removed, text: $0.layer.summary) }
  }

  private static func change(from old: Node, to new: Node, by canonizer: String) -> CanonizerChange? {
    let (was, now) = (old.layer, new.layer)
    if was.kind != now.kind {
      let text = "\(was.kind.rawValue) → \(now.kind.rawValue)"
      return .init(canonizer: canonizer, layer: new.name, kind: .replaced, text: text)
    }
    if let was = was as? any BatchNormalizing, let now = now as? any BatchNormalizing {
      guard now.affine.isIdentity, !was.affine.isIdentity else { return nil }
      return .init(canonizer: canonizer, layer: new.name, kind: .merged, text: "BatchNorm → identity")
    }
    return nil
  }
}
