import Compute
import NeuralNetwork
import Tensors

/// What a layer took in an explanation, beside what the machine could do it in.
public struct LayerProfile: Sendable {
  public let node: Int
  public let name: String
  public let summary: String
  /// The rule's name, `nil` for the plain gradient.
  public let rule: String?
  /// Medians.
  public let forwardSeconds: Double
  public let backwardSeconds: Double
  public let passes: PassCount
  /// Of all passes and of the rule's own arithmetic together.
  public let work: LayerWork
  /// Seconds that the machine's limits allow for all of that.
  public let limitSeconds: Double
  /// Whether arithmetic takes longer than memory.
  public let isComputeBound: Bool

  public var seconds: Double { forwardSeconds + backwardSeconds }
  /// Whether its data was there already, in a cache nearer than its size tells: the limit says nothing then.
  public var isInCache: Bool { !isComputeBound && work.bytes > 0 && seconds < limitSeconds }
  /// Whether it took less time than its arithmetic would, had not products with zero been left out.
  public var skipsZeros: Bool { isComputeBound && seconds < limitSeconds }
  /// Seconds beyond the limit: what could be won here. Less than nothing where ``isInCache`` or ``skipsZeros``.
  public var lostSeconds: Double { seconds - limitSeconds }
  public var flopsPerSecond: Double { seconds > 0 ? work.flops / seconds : 0 }
  public var bytesPerSecond: Double { seconds > 0 ? work.bytes / seconds : 0 }

  init(
    node index: Int, _ node: Node, rule: (any Rule)?, passes: PassCount, pass: LayerWork, inputs: [Shape],
    output: Shape,
    seconds: (forward: Double, backward: Double), limits: MachineLimits
  ) {
    self.node = index
    name = node.name
    summary = node.layer.summary
    self.rule = rule?.name
    forwardSeconds = seconds.forward
    backwardSeconds = seconds.backward
    self.passes = passes
    let count = Double(1 + passes.forward + passes.backward)
    let arithmetic = pass.flops * count / limits.flopsPerSecond
    let memory = pass.bytes * count / limits.bytesPerSecond(forBytes: pass.bytes)
    // R / stab(z) reads two arrays of the output and writes one; x · c does the same with the input, for each term.
    let isShareRule = rule is any ShareRule
    let elements = isShareRule ? Double(3 * output.count + 3 * passes.backward * inputs.reduce(0) { $0 + $1.count }) : 0
    work = LayerWork(flops: pass.flops * count + elements / 3, bytes: pass.bytes * count + 4 * elements)
    let sizes = inputs.map(\.count) + [output.count]
    let elementBandwidth = limits.bytesPerSecond(forBytes: 3 * 4 * Double(sizes.max() ?? 0))
    limitSeconds = max(arithmetic, memory) + 4 * elements / elementBandwidth
    isComputeBound = arithmetic > memory
  }
}
