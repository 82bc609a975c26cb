/// The conservation ledger of an attribution: an entry per layer, in forward order.
public struct Ledger: Sendable {
  public let entries: [LedgerEntry]

  public init(entries: [LedgerEntry]) { self.entries = entries }

  /// The entry of a node, if relevance reached it.
  public subscript(node index: Int) -> LedgerEntry? { entries.first { $0.node == index } }
}
