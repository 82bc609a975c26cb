import LRP
import NeuralNetwork
import Tensors

/// The results of explaining all samples, put together from batches.
struct AttributionRun {
  /// `(N, classes)`.
  let output: Tensor
  /// Of the input's shape.
  let relevance: Tensor
  /// Relevance at each node's output by node name, in forward order; without nodes that none reaches.
  let nodeRelevance: [(name: String, tensor: Tensor)]
  /// Shares of the parameters of linear layers by parameter name, summed over all samples.
  let parameterRelevance: [(name: String, tensor: Tensor)]
  let ledger: LedgerReport?
  let times: RunTimes

  /// Explains `input` in batches.
  /// - Parameters:
  ///   - model: the network as it was opened, whose files are asked about.
  ///   - batchSize: samples at a time; the results do not depend on it.
  ///   - outputRelevance: what is explained of a range of samples.
  ///   - attributor: makes the attributor of some samples.
  ///   - progress: called with the share that is done, often.
  init(
    network: Network, of model: Network, input: Tensor, batchSize: Int,
    outputRelevance: (Range<Int>) throws -> OutputRelevance,
    attributor: ([Int]) throws -> any Attributor, progress: (Double) throws -> Void
  ) throws {
    let count = input.shape.batch
    var results: [Attribution] = []
    var stopwatch = Stopwatch()
    for start in stride(from: 0, to: count, by: batchSize) {
      let range = start..<min(start + batchSize, count)
      stopwatch.startBatch()
      let result = try attributor(Array(range)).attribute(input.samples(range), outputRelevance(range)) { step in
        stopwatch.note(step)
        try progress((Double(start) + step.share * Double(range.count)) / Double(count))
      }
      stopwatch.finishBatch()
      results.append(result)
    }
    // Parameters may lie in a file that was overwritten meanwhile.
    try model.checkUnchanged()
    output = Tensor.stacked(results.map(\.output))
    relevance = Tensor.stacked(results.map { $0.relevance.converted(to: .channelsLast) })
    nodeRelevance = (results.first?.nodeRelevance ?? []).indices.compactMap { index in
      let parts = results.compactMap { $0.nodeRelevance[index] }
      return parts.count == results.count ? (network.nodes[index].name, Tensor.stacked(parts)) : nil
    }
    parameterRelevance = Self.sums(results.flatMap(\.parameterRelevance))
    let ledgers = results.compactMap(\.ledger)
    ledger = ledgers.isEmpty ? nil : LedgerReport(ledgers)
    times = stopwatch.times
  }

  private static func sums(_ shares: [ParameterRelevance]) -> [(name: String, tensor: Tensor)] {
    var result: [(name: String, tensor: Tensor)] = []
    var places: [String: Int] = [:]
    func add(_ name: String, _ tensor: Tensor) {
      if let place = places[name] {
        result[place].tensor += tensor
      } else {
        places[name] = result.count
        result.append((name, tensor))
      }
    }
    for share in shares {
      add(share.path + ".weight", share.weight)
      if let bias = share.bias { add(share.path + ".bias", bias) }
    }
    return result
  }

  /// The first place, from the output down, where relevance is not finite; `nil` if all of it is.
  var notFinitePlace: String? {
    if relevance.isFinite { return nil }
    return nodeRelevance.last { !$0.tensor.isFinite }?.name ?? "the input"
  }
}
