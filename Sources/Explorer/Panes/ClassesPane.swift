import TerminalUI

/// The classes by probability.
package struct ClassesPane: Sendable {
  package struct Entry: Hashable, Sendable {
    package var index: Int
    package var output: Float
    /// 0…1.
    package var probability: Double
  }

  package var list = ListState()
  /// Sorted, the most probable first.
  package private(set) var entries: [Entry] = []

  package init() {}

  /// Takes a network's output: logits, or probabilities if it ends in a softmax.
  mutating func setOutput(_ output: [Float]) {
    let probabilities = Self.probabilities(output)
    entries = output.indices.map { Entry(index: $0, output: output[$0], probability: probabilities[$0]) }
    // NaN sorts last.
    entries.sort { a, b in
      let (left, right) = (a.output.isNaN ? -.infinity : a.output, b.output.isNaN ? -.infinity : b.output)
      return left > right || (left == right && a.index < b.index)
    }
    list.reveal(count: entries.count, visible: 1)
  }

  package static func probabilities(_ output: [Float]) -> [Double] {
    let sum = output.reduce(0) { $0 + Double($1) }
    if abs(sum - 1) < 1e-3, output.allSatisfy({ $0 >= 0 }) { return output.map(Double.init) }
    let top = Double(output.max() ?? 0)
    let powers = output.map { exponential(Double($0) - top) }
    let total = powers.reduce(0, +)
    return powers.map { total > 0 ? $0 / total : .nan }
  }

  /// The entry of a class.
  package func entry(ofClass index: Int) -> Entry? { entries.first { $0.index == index } }

  /// `eˣ` for x ≤ 0, by halving and squaring; exact enough for percentages.
  private static func exponential(_ x: Double) -> Double {
    guard x > -700 else { return 0 }
    var step = x / 1024
    step = 1 + step * (1 + step / 2 * (1 + step / 3 * (1 + step / 4)))
    for _ in 0..<10 { step *= step }
    return step
  }
}
