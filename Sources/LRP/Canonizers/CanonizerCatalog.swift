import NeuralNetwork

/// The canonizers that can be named without further parameters.
public enum CanonizerCatalog {
  /// zennit's, then those it does not have.
  public static let all: [any Canonizer] =
    [
      SequentialMergeBatchNorm(), VGGCanonizer(), ResNetCanonizer(), ResNetBasicBlockCanonizer(),
      ResNetBottleneckCanonizer(),
    ] + byGraph + [LogitOutput()]

  /// Canonizers that go by the graph, in the order in which they are to be applied.
  private static let byGraph: [any GraphCanonizer] = [
    GraphMergeBatchNorm(), ThresholdBatchNorm(), ResidualSums(), SignalTakesAll(),
  ]

  /// What stands for the canonizers that suit a network where canonizers are named.
  public static let automatic = "auto"

  /// The canonizers that a network needs so that relevance is conserved: those that change something in it.
  public static func needed(by network: Network) -> [any Canonizer] {
    byGraph.filter { $0.isNeeded(by: network) }
  }

  /// - Throws: ``LRPError/unknownCanonizer(name:nearest:)`` with the nearest spelling.
  public static func make(_ name: String) throws -> any Canonizer {
    if let canonizer = all.first(where: { $0.name == name }) { return canonizer }
    throw LRPError.unknownCanonizer(
      name: name, nearest: Spelling.nearest(to: name, among: all.map(\.name) + [automatic]))
  }

  /// The canonizers of those names, each once. ``automatic`` stands for what the network needs, and for ``LogitOutput``
  /// where that has something to leave out.
  /// - Throws: ``LRPError/unknownCanonizer(name:nearest:)``.
  public static func make(_ names: [String], for network: Network) throws -> [any Canonizer] {
    let all = try names.flatMap { name -> [any Canonizer] in
      guard name == automatic else { return [try make(name)] }
      return needed(by: network) + (LogitOutput.activation(of: network) == nil ? [] : [LogitOutput()])
    }
    var seen = Set<AnyHashable>()
    return all.filter { seen.insert($0.identity).inserted }
  }
}

/// A canonizer that can tell from the graph whether it has something to do.
public protocol GraphCanonizer: Canonizer {
  /// Whether it changes anything in the network, after the others of ``CanonizerCatalog/needed(by:)`` before it.
  func isNeeded(by network: Network) -> Bool
}
