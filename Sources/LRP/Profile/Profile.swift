import Compute
import Dispatch
import NeuralNetwork
import Tensors

/// Where the time of an explanation goes, layer by layer, against the machine's limits.
public struct Profile: Sendable {
  /// In the network's order, without the input.
  public let layers: [LayerProfile]
  public let limits: MachineLimits
  /// Median of whole explanations.
  public let seconds: Double

  /// Those first that lose the most time to the limit.
  public var worstFirst: [LayerProfile] { layers.sorted { $0.lostSeconds > $1.lostSeconds } }
  /// Seconds that the machine's limits allow for all layers together; a layer that was faster counts as it was.
  public var limitSeconds: Double { layers.reduce(0) { $0 + min($1.limitSeconds, $1.seconds) } }

  /// Explains an input several times and notes when each layer begins.
  /// - Parameters:
  ///   - input: `(N, C, …)`.
  ///   - repeats: counted runs; one more comes before them, in which kernels are compiled.
  ///   - progress: called with the share done, 0…1; may throw to cancel.
  /// - Throws: what ``Gradient/attribute(_:_:observer:)`` and `progress` throw.
  public init(
    of assignment: Assignment, input: Tensor, output: OutputRelevance, repeats: Int, limits: MachineLimits,
    progress: (Double) throws -> Void = { _ in }
  ) throws {
    let network = assignment.network
    let gradient = Gradient(assignment)
    let rounds = max(1, repeats)
    var stopwatch = Stopwatch(nodes: network.nodes.count)
    for round in 0...rounds {
      try progress(Double(round) / Double(rounds + 2))
      stopwatch.begin()
      _ = try gradient.attribute(input, output) { stopwatch.note($0) }
      stopwatch.end(counts: round > 0)
    }
    // What the rules did is told by the data, which the timed runs do not keep.
    let activations = try network.forward(input)
    let kept = try Gradient(assignment, keepsNodeRelevance: true).attribute(input, output)
    layers = network.nodes.indices.dropFirst().map { index in
      let node = network.nodes[index]
      let rule = assignment.matches[index]?.rule
      let inputs = node.inputs.map { activations[$0] }
      let shapes = inputs.map(\.shape)
      let passes =
        kept.nodeRelevance[index].map {
          PassCount(of: rule, layer: node.layer, inputs: inputs, output: activations[index], relevance: $0)
        } ?? PassCount(forward: 0, backward: 0)
      return LayerProfile(
        node: index, node, rule: rule, passes: passes,
        pass: LayerWork(of: node.layer, inputs: shapes, output: activations[index].shape), inputs: shapes,
        output: activations[index].shape, seconds: stopwatch.medians(of: index), limits: limits)
    }
    self.limits = limits
    seconds = median(stopwatch.totals)
  }
}

/// Notes when an explanation comes to each node.
private struct Stopwatch {
  /// For each counted run and node; a batch in pieces comes to each node several times.
  private var forward: [[Double]] = []
  private var backward: [[Double]] = []
  private(set) var totals: [Double] = []
  private let nodes: Int
  private var marks: [(step: AttributionStep, time: UInt64)] = []
  private var began: UInt64 = 0

  init(nodes: Int) { self.nodes = nodes }

  mutating func begin() {
    marks = []
    began = DispatchTime.now().uptimeNanoseconds
  }

  mutating func note(_ step: AttributionStep) { marks.append((step, DispatchTime.now().uptimeNanoseconds)) }

  mutating func end(counts: Bool) {
    let ended = DispatchTime.now().uptimeNanoseconds
    guard counts else { return }
    totals.append(Double(ended - began) / 1e9)
    var (forward, backward) = ([Double](repeating: 0, count: nodes), [Double](repeating: 0, count: nodes))
    // What is done at the input belongs to the layer that left it to be done: multiplying out its relevance.
    var last = 0
    for (number, mark) in marks.enumerated() {
      let next = number + 1 < marks.count ? marks[number + 1].time : ended
      let seconds = Double(next - mark.time) / 1e9
      if mark.step.node > 0 { last = mark.step.node }
      switch mark.step.direction {
      case .forward: forward[last] += seconds
      case .backward: backward[last] += seconds
      }
    }
    self.forward.append(forward)
    self.backward.append(backward)
  }

  func medians(of node: Int) -> (forward: Double, backward: Double) {
    (median(forward.map { $0[node] }), median(backward.map { $0[node] }))
  }
}

/// Zero of nothing.
private func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? 0 : (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
}
