import LRP

/// Layers whose paths begin alike: `features`, `blocks.3`, `layer2.1`; listed as one row while it is folded.
package struct LayerBlock: Hashable, Sendable {
  /// What the paths begin with, without the last dot.
  package let path: String
  /// The listed nodes that the row stands for, in forward order.
  package let listed: [Int]
  /// All nodes of the block, listed or not.
  package let nodes: [Int]
  /// Listed modules that a rule for the block goes to: those with weights, where there are any.
  package let paths: [String]

  /// The node whose place in the list the block takes: its last one.
  package var node: Int { listed.last ?? 0 }

  /// The blocks that a layer is in, from the outermost to the innermost.
  static func paths(around name: String) -> [String] {
    name.indices.filter { name[$0] == "." && $0 > name.startIndex }.map { String(name[..<$0]) }
  }

  /// Where the relevance went that the block's last node received: what its layers gave away is added up.
  func balance(_ outcome: AttributionOutcome) -> LayerBalance? {
    guard var sum = outcome.balance(ofNode: node) else { return nil }
    let members = Set(nodes)
    let balances = outcome.ledger.filter { members.contains($0.node) }
    sum.name = path
    sum.rule = nil
    sum.bias = balances.reduce(0) { $0 + $1.bias }
    sum.stabilizer = balances.reduce(0) { $0 + $1.stabilizer }
    sum.incoming = sum.outgoing - sum.bias - sum.stabilizer - balances.reduce(0) { $0 + $1.other }
    sum.hasNaN = balances.contains(where: \.hasNaN)
    return sum
  }
}

/// How listed rows become blocks.
struct LayerFolding {
  /// The blocks of listed rows that have at least two of them.
  private let members: [String: [LayerRow]]
  private let all: [String: [LayerRow]]

  init(_ listed: [LayerRow], of rows: [LayerRow]) {
    func grouped(_ rows: [LayerRow]) -> [String: [LayerRow]] {
      var groups: [String: [LayerRow]] = [:]
      for row in rows { for path in LayerBlock.paths(around: row.name) { groups[path, default: []].append(row) } }
      return groups
    }
    members = grouped(listed).filter { $0.value.count > 1 }
    all = grouped(rows)
  }

  var paths: Set<String> { Set(members.keys) }

  /// The blocks around a row that can be folded, from the outermost to the innermost.
  func blocks(around row: LayerRow) -> [String] { LayerBlock.paths(around: row.name).filter { members[$0] != nil } }

  func block(_ path: String) -> LayerBlock? {
    guard let listed = members[path], let rows = all[path] else { return nil }
    let takers = listed.filter(\.takesRules)
    let weighted = takers.filter { $0.parameterCount > 0 }
    var seen = Set<String>()
    return LayerBlock(
      path: path, listed: listed.map(\.index), nodes: rows.map(\.index),
      paths: (weighted.isEmpty ? takers : weighted).map(\.path).filter { seen.insert($0).inserted })
  }
}
