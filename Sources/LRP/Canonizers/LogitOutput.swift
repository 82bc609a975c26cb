import NeuralNetwork

/// Leaves out a softmax at the end, so that logits are explained: the gradient of a softmax hands on relevance of both
/// signs that sums up to nothing. The order of the classes stays, the numbers do not; hence never chosen automatically.
public struct LogitOutput: Canonizer {
  public var name: String { "LogitOutput" }
  public init() {}

  private static let transparent: Set<LayerKind> = [.identity, .dropout, .flatten, .reshape]

  public func apply(to network: Network) throws -> Network {
    var index = network.output
    while Self.transparent.contains(network.nodes[index].layer.kind), let source = network.nodes[index].inputs.first {
      index = source
    }
    guard [.softmax, .logSoftmax].contains(network.nodes[index].layer.kind) else { return network }
    return try network.replacing([index: Identity()])
  }
}
