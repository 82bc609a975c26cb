import NeuralNetwork
import TerminalUI

/// The classes, those with the largest output first.
package struct ClassesPane: Sendable {
  package struct Entry: Hashable, Sendable {
    package var index: Int
    package var output: Float
    /// 0…1; `nil` where outputs are no probabilities of anything.
    package var probability: Double?

    /// `62.3 %`, or the output where that is no probability.
    package var text: String {
      probability.map(NumberText.percent) ?? NumberText.fixed(Double(output), decimals: 3)
    }
  }

  package var list = ListState()
  /// Sorted, the largest output first.
  package private(set) var entries: [Entry] = []

  package init() {}

  /// Takes a network's output, and what that means.
  package mutating func setOutput(_ output: [Float], meaning: OutputMeaning) {
    let probabilities = meaning.probabilities(of: output)
    entries = output.indices.map { Entry(index: $0, output: output[$0], probability: probabilities?[$0]) }
    // NaN sorts last.
    entries.sort { a, b in
      let (left, right) = (a.output.isNaN ? -.infinity : a.output, b.output.isNaN ? -.infinity : b.output)
      return left > right || (left == right && a.index < b.index)
    }
    list.reveal(count: entries.count, visible: 1)
  }

  /// The length of an entry's bar, 0…1: its share of the longest, by size where there are no probabilities.
  package func barLength(_ entry: Entry) -> Double {
    guard let probability = entry.probability else {
      let largest = entries.map { abs($0.output) }.filter(\.isFinite).max() ?? 0
      return largest > 0 && entry.output.isFinite ? Double(abs(entry.output) / largest) : 0
    }
    return probability / max(entries.first?.probability ?? 1, 1e-9)
  }

  /// The entry of a class.
  package func entry(ofClass index: Int) -> Entry? { entries.first { $0.index == index } }
}
