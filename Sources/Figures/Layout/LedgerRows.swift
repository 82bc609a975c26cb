/// What becomes of the relevance of one layer, as pieces of a bar.
package struct LedgerPiece: Hashable, Sendable {
  package enum Kind: CaseIterable, Hashable, Sendable { case kept, bias, stabilizer, other }

  package let kind: Kind
  package let start: Double
  package let end: Double

  /// Positive amounts one after the other to the right of zero, negative ones to the left. The right end minus the left
  /// one's distance from zero is what arrived at the layer.
  ///
  /// - Parameter unit: what the amounts are divided by.
  package static func stack(_ layer: LedgerFigure.Layer, unit: LedgerFigure.Unit = .relevance) -> [LedgerPiece] {
    let divisor = unit == .relevance ? 1 : abs(layer.outgoing)
    var (right, left) = (0.0, 0.0)
    return Kind.allCases.compactMap { kind in
      let amount = layer.amount(kind) / divisor
      guard amount.isFinite, amount != 0 else { return nil }
      if amount > 0 {
        defer { right += amount }
        return LedgerPiece(kind: kind, start: right, end: right + amount)
      }
      defer { left += amount }
      return LedgerPiece(kind: kind, start: left + amount, end: left)
    }
  }
}

/// Which layers of a ledger are shown, if they are too many.
package struct LedgerRows: Hashable, Sendable {
  /// Numbers of the layers, in the order in which they were given.
  package let shown: [Int]
  /// How many are not shown.
  package let omitted: Int
  /// The largest share that one of those does not hand on.
  package let largestOmittedLoss: Double

  /// Keeps the first and the last layer, and of the others those that hand on least of what arrives at them.
  package init(_ layers: [LedgerFigure.Layer], limit: Int) {
    let limit = max(2, limit)
    guard layers.count > limit else {
      shown = Array(layers.indices)
      omitted = 0
      largestOmittedLoss = 0
      return
    }
    let losses = layers.map(Self.loss)
    let inner = (1..<layers.count - 1).sorted { (losses[$0], -$0) > (losses[$1], -$1) }
    // Layers that hand on all they get tell nothing, even if there is room for some of them.
    let losing = inner.prefix(limit - 2).prefix { losses[$0] > 1e-9 }
    shown = [0] + losing.sorted() + [layers.count - 1]
    omitted = layers.count - shown.count
    largestOmittedLoss = inner.dropFirst(losing.count).map { losses[$0] }.max() ?? 0
  }

  /// The part of the relevance that a layer does not hand on, of what arrives; what is not a number counts most.
  package static func loss(_ layer: LedgerFigure.Layer) -> Double {
    let lost = abs(layer.bias) + abs(layer.stabilizer) + abs(layer.other)
    let arrived = max(abs(layer.outgoing), abs(layer.kept))
    let share = lost == 0 ? 0 : lost / arrived
    return share.isNaN ? .infinity : share
  }
}
