import LRP
import Tensors

/// The ledger of all samples as it is written: an entry per layer, in forward order.
struct LedgerReport {
  struct Layer {
    let name: String
    let kind: String
    let rule: String?
    /// Per sample.
    var outgoing: [Double] = []
    var incoming: [Double] = []
    var bias: [Double] = []
    var stabilizer: [Double] = []
    var other: [Double] = []
    /// Over all samples.
    var positive = 0.0
    var negative = 0.0
    var minimum = Double.infinity
    var maximum = -Double.infinity
    var zeros = 0
    var count = 0
    var seconds = 0.0

    func kept(_ sample: Int) -> Double? { outgoing[sample] == 0 ? nil : incoming[sample] / outgoing[sample] }
    var zeroShare: Double { count == 0 ? 0 : Double(zeros) / Double(count) }
  }

  private(set) var layers: [Layer] = []
  var samples: Int { layers.first?.outgoing.count ?? 0 }

  /// Puts the ledgers of consecutive batches together.
  init(_ ledgers: [Ledger]) {
    for ledger in ledgers {
      for (index, entry) in ledger.entries.enumerated() {
        if index == layers.count {
          layers.append(Layer(name: entry.name, kind: entry.kind.rawValue, rule: entry.rule))
        }
        layers[index].add(entry)
      }
    }
  }
}

extension LedgerReport.Layer {
  fileprivate mutating func add(_ entry: LedgerEntry) {
    outgoing += entry.outgoing
    incoming += entry.incoming
    bias += entry.bias
    stabilizer += entry.stabilizer
    other += entry.other
    positive += entry.summary.positive
    negative += entry.summary.negative
    minimum = min(minimum, Double(entry.summary.minimum))
    maximum = max(maximum, Double(entry.summary.maximum))
    zeros += entry.summary.zeros
    count += entry.summary.count
    seconds += entry.seconds
  }
}
