import Compute
import Foundation
import NeuralNetwork
import Tensors

/// The backward pass, from the output's relevance to the input's, that remembers what it did.
///
/// Relevance flows from the output down, so a change of one layer's rule leaves everything above it as it was. A flow
/// that keeps its relevance recomputes only what a change reaches: each contribution carries a stamp, and a node is run
/// again only if its rule or a stamp above it changed. Interrupted at any node, it goes on from there.
struct RelevanceFlow {
  private struct Step {
    /// What the rule and the arriving relevance were.
    let rule: AnyHashable?
    let arrived: Int
    /// Relevance propagated to each input, and its stamp.
    var propagated: [PropagatedRelevance?]
    let stamp: Int
    let entry: LedgerEntry?
    let parameters: ParameterRelevance?
  }

  private let keepsRelevance: Bool
  private let keepsLedger: Bool
  private let keepsParameters: Bool
  private let isUsedOnce: Bool
  private let cache: PropagationCache
  private var steps: [Int: Step] = [:]
  private var relevance: [Int: (sources: [Int], stamp: Int, value: PropagatedRelevance)] = [:]
  private var lastStamp = 0
  /// Nodes run in the last call, for tests and statistics.
  private(set) var nodesRun = 0
  /// Whether nobody looks at the relevance on the way, so that layers may leave products to those below.
  private var isLean: Bool { !keepsRelevance && !keepsLedger && !keepsParameters }

  /// - Parameter isUsedOnce: whether nothing is going to be explained with this network again.
  init(
    keepsRelevance: Bool, keepsLedger: Bool, keepsParameters: Bool = false, isUsedOnce: Bool = false,
    cache: PropagationCache
  ) {
    self.keepsRelevance = keepsRelevance
    self.keepsLedger = keepsLedger
    self.keepsParameters = keepsParameters
    self.isUsedOnce = isUsedOnce
    self.cache = cache
  }

  private mutating func nextStamp() -> Int {
    lastStamp += 1
    return lastStamp
  }

  /// - Parameters:
  ///   - start: stands for the output relevance; equal numbers mean that it has not changed since the last call.
  ///     `nil` for a flow that is used once.
  ///   - willRun: called before each node with its index, from the last to the first; may throw to cancel.
  mutating func run(
    _ assignment: Assignment, _ activations: [Tensor], _ outputRelevance: OutputRelevance, start: Int? = nil,
    willRun: (Int) throws -> Void
  ) throws -> Attribution {
    try ComputeEngine.pass { pass in
      try run(assignment, activations, outputRelevance, start: start, pass: pass, willRun: willRun)
    }
  }

  private mutating func run(
    _ assignment: Assignment, _ activations: [Tensor], _ outputRelevance: OutputRelevance, start: Int?,
    pass: ComputeEngine.Pass, willRun: (Int) throws -> Void
  ) throws -> Attribution {
    let network = assignment.network
    let output = activations[network.output]
    try assignment.check(shapes: activations.map(\.shape))
    guard output.isFinite else {
      throw NetworkError.notANumber(place: network.damagedParameter ?? "the output of \(network.name)")
    }
    nodesRun = 0
    var result: Tensor?
    for index in network.nodes.indices.reversed() {
      try willRun(index)
      pass.next()
      var sources = network.consumers[index].map { steps[$0]?.stamp ?? 0 }
      if index == network.output { sources.append(-(start ?? 0)) }
      if relevance[index]?.sources != sources {
        let seed = index == network.output ? try outputRelevance.relevance(for: output) : nil
        guard var arrived = arrivingRelevance(at: index, in: network, seed: seed) else {
          relevance[index] = nil
          steps[index] = nil
          continue
        }
        relevance[index] = (sources, nextStamp(), arrived.take())
      }
      guard let stamp = relevance[index]?.stamp else { continue }
      // Whoever keeps nothing gives the memory away, which is then used again in place.
      var known = keepsRelevance ? relevance[index] : relevance.removeValue(forKey: index)
      guard var arrived = known?.value.take() else { continue }
      if index == 0 {
        result = arrived.takeWhole()
      } else {
        try step(index, &arrived, stamp, assignment, activations, pass)
      }
      // Who explains once is done with this layer: parameters of a mapped file leave the memory.
      if isUsedOnce, let layer = network.nodes[index].layer as? any ParameterizedLayer {
        ComputeEngine.release(layer.weight)
      }
    }
    let ledger = keepsLedger ? Ledger(entries: network.nodes.indices.compactMap { steps[$0]?.entry }) : nil
    return Attribution(
      output: output, relevance: result ?? Tensor.zeros(activations[0].shape),
      nodeRelevance: keepsRelevance ? network.nodes.indices.map { relevance[$0]?.value.tensor } : [], ledger: ledger,
      parameterRelevance: parameterRelevance(of: network))
  }

  /// What fell to the parameters, in forward order; all uses of a module together.
  private func parameterRelevance(of network: Network) -> [ParameterRelevance] {
    guard keepsParameters else { return [] }
    return network.nodes.indices.compactMap { steps[$0]?.parameters }.reduce(into: []) { $0.add($1) }
  }

  /// The sum of what the consumers propagated; `nil` if there are none that any relevance reached.
  private mutating func arrivingRelevance(at index: Int, in network: Network, seed: Tensor?) -> PropagatedRelevance? {
    var sum = seed.map { PropagatedRelevance($0) }
    var visited = Set<Int>()
    for consumer in network.consumers[index] where visited.insert(consumer).inserted {
      for (slot, input) in network.nodes[consumer].inputs.enumerated() where input == index {
        guard var part = steps[consumer]?.propagated[slot] else { continue }
        // Whoever keeps nothing hands over the memory, which is then updated in place or returned to the pool.
        if !keepsRelevance { steps[consumer]?.propagated[slot] = nil }
        if var total = sum?.takeWhole() {
          part.add(to: &total)
          sum = PropagatedRelevance(total)
        } else {
          sum = part.take()
        }
      }
    }
    return sum
  }

  private mutating func step(
    _ index: Int, _ arrived: inout PropagatedRelevance, _ stamp: Int, _ assignment: Assignment,
    _ activations: [Tensor], _ pass: ComputeEngine.Pass
  ) throws {
    let node = assignment.network.nodes[index]
    let rule = assignment.matches[index]?.rule
    if let known = steps[index], known.arrived == stamp, known.rule == rule.map({ AnyHashable($0) }) { return }
    try pass.demand(
      LayerMemory(
        of: node.layer, inputs: node.inputs.map { activations[$0].shape }, output: activations[index].shape
      ).backward, for: "the explanation, at '\(node.name)',")
    nodesRun += 1
    let started = DispatchTime.now().uptimeNanoseconds
    let parameters = keepsParameters && rule is any ShareRule ? ParameterAccount(for: node.layer) : nil
    let account = keepsLedger ? LayerAccount(batch: activations[index].shape.batch) : nil
    let context = RuleContext(
      index: index, node: node, inputs: node.inputs.map { activations[$0] },
      nonnegativeInputs: node.inputs.map { assignment.network.isNonnegative[$0] }, output: activations[index],
      cache: cache, account: account, parameterAccount: parameters)
    let propagated: [PropagatedRelevance]
    var entry: LedgerEntry?
    do {
      if isLean, let rule, rule.isIdentity {
        propagated = [arrived.take()]
      } else if isLean, let rule = rule as? any ShareRule {
        propagated = try rule.propagate(&arrived, in: context)
      } else {
        let relevance = arrived.takeWhole()
        let parts = try rule?.propagate(relevance, in: context) ?? context.gradient(relevance)
        propagated = parts.map { PropagatedRelevance($0) }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9
        entry = account.map {
          LedgerEntry(
            node: index, node, rule: rule?.summary, relevance: relevance, propagated: parts, account: $0,
            seconds: seconds)
        }
      }
    } catch let error as LRPError {
      throw error
    } catch {
      throw LRPError.rule(layer: node.name, rule: rule?.name ?? "gradient", problem: "\(error)")
    }
    steps[index] = Step(
      rule: rule.map { AnyHashable($0) }, arrived: stamp, propagated: propagated, stamp: nextStamp(), entry: entry,
      parameters: parameters?.relevance(of: node.path))
  }
}
