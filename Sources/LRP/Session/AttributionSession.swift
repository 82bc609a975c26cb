import Compute
import Foundation
import NeuralNetwork
import Tensors

/// Explains one input again and again while rules and targets change, recomputing only what a change reaches.
///
/// An actor: one computation at a time, off the caller's thread. Cancelling the task that waits for a result stops the
/// computation at the next node; what was already computed is used by the next one.
public actor AttributionSession {
  public nonisolated var unownedExecutor: UnownedSerialExecutor { ComputeEngine.executor }

  /// What a request shows while it runs.
  public struct Progress: Sendable {
    /// 0…1 of forward and backward pass together.
    public let share: Double
    public let stage: Stage
    public enum Stage: Sendable {
      case forward, backward
      /// Many passes, forward and backward.
      case passes
    }
  }

  /// The result with what it took.
  public struct Result: Sendable {
    public let attribution: Attribution
    public let assignment: Assignment
    public let seconds: Double
    /// Nodes whose rule was run; the others were reused.
    public let nodesRun: Int
  }

  private let network: Network
  private var input: Tensor
  private var canonizerKey: [AnyHashable]?
  private var canonized: Network?
  private var activations: [Tensor]?
  private var cache = PropagationCache()
  private var flow: RelevanceFlow
  private var startKey: OutputKey?
  private var start = 0

  public init(network: Network, input: Tensor) {
    self.network = network
    self.input = input
    flow = RelevanceFlow(keepsRelevance: true, keepsLedger: true, cache: cache)
    // Another network has other sizes: what the last one left would lie idle.
    ComputeEngine.releaseIdleMemory()
  }

  /// Explains another input with the same network; modified layers are kept.
  public func setInput(_ input: Tensor) {
    self.input = input
    forgetActivations()
  }

  private func forgetActivations() {
    activations = nil
    cache = cache.forAnotherInput()
    flow = RelevanceFlow(keepsRelevance: true, keepsLedger: true, cache: cache)
    startKey = nil
  }

  /// Which relevance is put in at the output.
  public enum OutputKey: Hashable, Sendable {
    case output
    case logit(Target)
    case one(Target)

    var relevance: OutputRelevance {
      switch self {
      case .output: .output
      case .logit(let target): .logit(target)
      case .one(let target): .one(target)
      }
    }

    /// The same with the strongest classes of an output in place of ``Target/top1``.
    func fixed(by output: Tensor) throws -> OutputRelevance {
      switch self {
      case .logit(.top1): .logit(.indices(try Target.top1.classes(for: output)))
      case .one(.top1): .one(.indices(try Target.top1.classes(for: output)))
      default: relevance
      }
    }
  }

  /// The network's output `(N, classes)`, computed if it is not known yet.
  public func output(composite: (any Composite)?) throws -> Tensor {
    let network = try canonizedNetwork(for: composite)
    return try activations(of: network) { _ in }[network.output]
  }

  /// Runs what has changed since the last call.
  /// - Parameters:
  ///   - composite: `nil` for the plain gradient.
  ///   - progress: called from the session's thread, often.
  /// - Throws: `CancellationError` if the task was cancelled, else ``NetworkError``, ``LRPError`` or `MemoryError`.
  public func attribute(
    composite: (any Composite)?, output: OutputKey, progress: @Sendable (Progress) -> Void = { _ in }
  ) throws -> Result {
    let began = DispatchTime.now().uptimeNanoseconds
    let network = try canonizedNetwork(for: composite)
    let assignment =
      try composite.map { composite in
        try Assignment(of: composite.mapper(for: network), to: network)
      } ?? Assignment(gradientOf: network)
    let activations = try activations(of: network) { share in
      progress(Progress(share: share / 2, stage: .forward))
    }
    if startKey != output {
      start += 1
      startKey = output
    }
    let attribution = try flow.run(assignment, activations, output.relevance, start: start) { node in
      try Task.checkCancellation()
      progress(Progress(share: 1 - Double(node) / Double(network.nodes.count) / 2, stage: .backward))
    }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
    return Result(attribution: attribution, assignment: assignment, seconds: seconds, nodesRun: flow.nodesRun)
  }

  /// The four steps at one output unit of a layer, for what ``attribute(composite:output:progress:)`` gives, which is run
  /// first where it is not known yet.
  /// - Parameters:
  ///   - node: of the canonized network.
  ///   - unit: of the first sample.
  /// - Throws: ``LRPError/rule(layer:rule:problem:)`` if no relevance arrives there, or layer or rule has no such steps.
  public func steps(
    composite: (any Composite)?, output: OutputKey, node: Int, unit: UnitChoice
  ) throws -> UnitSteps {
    let result = try attribute(composite: composite, output: output)
    let network = result.assignment.network
    guard network.nodes.indices.contains(node), node > 0 else {
      throw LRPError.noRulePossible(layer: network.nodes[0].name, problem: "the input has no steps; choose a layer")
    }
    let rule = result.assignment.matches[node]?.rule
    guard let relevance = result.attribution.nodeRelevance[node] else {
      throw LRPError.rule(
        layer: network.nodes[node].name, rule: rule?.name ?? "gradient", problem: "no relevance arrives here")
    }
    let activations = try activations(of: network) { _ in }
    let context = RuleContext(
      index: node, node: network.nodes[node], inputs: network.nodes[node].inputs.map { activations[$0] },
      output: activations[node], cache: cache)
    return try UnitSteps(of: unit, relevance: relevance, rule: rule, in: context)
  }

  /// Explains with any attributor. Those that make many passes start from scratch; their result has neither the
  /// relevance of other nodes than the input nor a ledger, which are of a single pass.
  /// - Throws: as ``attribute(composite:output:progress:)``, and ``LRPError/attributor(_:)``.
  public func attribute(
    composite: (any Composite)?, output: OutputKey, with settings: AttributorSettings,
    progress: @Sendable (Progress) -> Void = { _ in }
  ) throws -> Result {
    if settings.kind == .gradient { return try attribute(composite: composite, output: output, progress: progress) }
    let began = DispatchTime.now().uptimeNanoseconds
    let network = try canonizedNetwork(for: composite)
    let assignment =
      try composite.map { try Assignment(of: $0.mapper(for: network), to: network) } ?? Assignment(gradientOf: network)
    // The strongest class is that of the input itself, also where changed inputs are looked at.
    let found = try activations(of: network) { _ in }[network.output]
    let relevance = try output.fixed(by: found)
    let attributor = try settings.attributor(Gradient(assignment), input: input.shape)
    let result = try attributor.attribute(input, relevance) { step in
      try Task.checkCancellation()
      progress(Progress(share: step.share, stage: .passes))
    }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
    return Result(
      attribution: Attribution(output: found, relevance: result.relevance), assignment: assignment, seconds: seconds,
      nodesRun: network.nodes.count)
  }

  private func canonizedNetwork(for composite: (any Composite)?) throws -> Network {
    let canonizers = composite?.canonizers ?? []
    let key = canonizers.map(\.identity)
    if let canonized, canonizerKey == key { return canonized }
    let result = try CompositeCanonizer(canonizers).apply(to: network)
    canonized = result
    canonizerKey = key
    // Merged layers are other layers: nothing computed before is valid.
    cache = PropagationCache()
    forgetActivations()
    return result
  }

  private func activations(of network: Network, progress: (Double) -> Void) throws -> [Tensor] {
    if let activations { return activations }
    try network.checkMemory(forInput: input.shape)
    let count = Double(network.nodes.count)
    let result = try network.forward(input) { index in
      try Task.checkCancellation()
      progress(Double(index) / count)
    }
    activations = result
    return result
  }
}
