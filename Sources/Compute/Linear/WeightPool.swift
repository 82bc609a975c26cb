import Synchronization

/// The reordered parameters of one operator, shared by all of its kernels that want the same order.
final class WeightPool: Sendable {
  enum Kind: Sendable {
    case plain
    case mirrored
  }
  private struct Entry: Sendable {
    var kind: Kind
    var weights: PackedWeights
  }
  private let entries = Mutex<[Entry]>([])
  /// Orders kept at once; a network asks for two (one each way), more only where batch sizes vary.
  private let limit = 4

  /// The parameters in `layout`, made by `make` if no earlier kernel asked for it.
  func packed(kind: Kind, layout: ArrayLayout, _ make: (ArrayLayout) throws -> PackedWeights) throws -> PackedWeights {
    let matches = { (entry: Entry) in entry.kind == kind && entry.weights.layout == layout }
    if let found = entries.withLock({ $0.first(where: matches) }) { return found.weights }
    let made = try make(layout)
    return entries.withLock { entries in
      if let found = entries.first(where: matches) { return found.weights }
      if entries.count >= limit { entries.removeFirst() }
      entries.append(Entry(kind: kind, weights: made))
      return made
    }
  }
}
