import LRP
import NeuralNetwork
import TerminalUI

/// The layers in forward order with their rules, what arrives at each and how much of it is handed on.
package struct LayersPane: Sendable {
  package var list = ListState()
  /// Paths of marked modules.
  package var marks: Set<String> = []
  package var filter = TextField()
  /// Whether keys go to the filter.
  package var isFiltering = false
  /// Where a range mark was begun: an index into ``visible``.
  package var rangeAnchor: Int?
  /// Whether layers that relevance usually just passes are listed too.
  package var showsAll = false
  /// Node numbers of the listed rows.
  package private(set) var visible: [Int] = []
  /// Paths of blocks that are listed as one row each, unless a filter is set.
  package var folded: Set<String> = []
  /// The folded blocks that are listed, by the node in whose place they are.
  package private(set) var blocks: [Int: LayerBlock] = [:]
  /// Nodes of listed rows that begin a block which is open.
  package private(set) var heads: Set<Int> = []
  private(set) var folding: LayerFolding?

  package init() {}

  /// The listed rows between the range's beginning and the selection.
  package var range: ClosedRange<Int>? {
    guard let rangeAnchor, !visible.isEmpty else { return nil }
    let anchor = min(rangeAnchor, visible.count - 1)
    return min(anchor, list.selected)...max(anchor, list.selected)
  }

  /// Lists the rows that pass the filter; the selection stays on its node where possible.
  mutating func refresh(_ model: ModelState?, _ composite: EditedComposite, height: Int) {
    guard let model else {
      (visible, blocks, heads, folding) = ([], [:], [], nil)
      return
    }
    let selectedNode = visible.indices.contains(list.selected) ? visible[list.selected] : nil
    let filter = LayerFilter(filter.text)
    let listed = model.rows.filter { row in
      let rule = composite.rules[row.path]?.rule
      let isListed = showsAll || !row.isPassive || !(rule == nil || rule is Pass) || !filter.isEmpty
      return isListed && filter.accepts(row, rule: row.index == 0 ? "" : rule?.name ?? "gradient")
    }
    let new = fold(listed, of: model.rows, isFiltered: !filter.isEmpty)
    if new != visible {
      visible = new
      rangeAnchor = nil
      if let selectedNode {
        let place = new.firstIndex { $0 >= selectedNode } ?? max(0, new.count - 1)
        list.select(place, count: new.count, visible: height)
      }
    }
    list.reveal(count: visible.count, visible: height)
  }

  /// Puts blocks in the place of their layers.
  /// - Returns: the nodes to list.
  private mutating func fold(_ listed: [LayerRow], of rows: [LayerRow], isFiltered: Bool) -> [Int] {
    let folding = LayerFolding(listed, of: rows)
    self.folding = folding
    (blocks, heads) = ([:], [])
    if isFiltered { return listed.map(\.index) }
    var begun = Set<String>()
    return listed.compactMap { row in
      let around = folding.blocks(around: row)
      if let path = around.first(where: folded.contains) {
        guard let block = folding.block(path), block.node == row.index else { return nil }
        blocks[row.index] = block
        return row.index
      }
      if !around.filter({ begun.insert($0).inserted }).isEmpty { heads.insert(row.index) }
      return row.index
    }
  }

  mutating func select(node: Int, height: Int) {
    if let place = visible.firstIndex(of: node) { list.select(place, count: visible.count, visible: height) }
  }
}

/// What the filter line asks for: words that must all occur in name, kind or rule; a word with `*` is a pattern for
/// the name.
package struct LayerFilter: Sendable {
  private let words: [String]

  package init(_ text: String) { words = text.lowercased().split(separator: " ").map(String.init) }

  package var isEmpty: Bool { words.isEmpty }

  package func accepts(_ row: LayerRow, rule: String) -> Bool {
    if words.isEmpty { return true }
    let name = row.name.lowercased()
    let text = name + " " + row.kind.rawValue.lowercased() + " " + row.summary.lowercased() + " " + rule.lowercased()
    return words.allSatisfy { $0.contains("*") ? Glob.matches($0, name) : text.contains($0) }
  }
}

/// Patterns with `*` for any text and `?` for any character.
package enum Glob {
  package static func matches(_ pattern: String, _ text: String) -> Bool {
    let (pattern, text) = (Array(pattern), Array(text))
    var (p, t) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p + 1, t)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = star {
        // Let the last star take one character more.
        star = (last.pattern, last.text + 1)
        p = last.pattern
        t = last.text + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
