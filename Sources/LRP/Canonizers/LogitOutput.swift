import NeuralNetwork

/// Leaves out a softmax or a sigmoid at the end, so that logits are explained: the gradient of a softmax hands on
/// relevance of both signs that sums up to nothing, and that of a sigmoid vanishes where it is sure.
///
/// The order of the classes stays, the numbers do not.
public struct LogitOutput: Canonizer {
  public var name: String { "LogitOutput" }
  public init() {}

  /// The node of the softmax or sigmoid that the network ends with; `nil` if there is none.
  public static func activation(of network: Network) -> Int? {
    let index = network.lastActivation
    return [.softmax, .logSoftmax, .sigmoid].contains(network.nodes[index].layer.kind) ? index : nil
  }

  public func apply(to network: Network) throws -> Network {
    guard let index = Self.activation(of: network) else { return network }
    // Nor are logits clipped as probabilities are.
    var layers: [Int: any Layer] = [index: Identity()]
    var behind = network.output
    while behind != index, let source = network.nodes[behind].inputs.first {
      if network.nodes[behind].layer.kind == .hardtanh { layers[behind] = Identity() }
      behind = source
    }
    // The graph without its end says nothing of what that said.
    return try network.replacing(layers).declaring(network.outputMeaning.beforeActivation)
  }

  /// What to tell a user for whom this canonizer was chosen; `nil` where it changes nothing.
  public static func notice(for network: Network) -> String? {
    end(of: network).map {
      "\(network.name) ends in a \($0): the logits before it are explained, not the probabilities (canonizer LogitOutput)"
    }
  }

  /// What to tell a user whose canonizers leave the softmax or sigmoid at the end of the network; `nil` if there is none.
  public static func warning(for network: Network) -> String? {
    end(of: network).map {
      "\(network.name) ends in a \($0), and with these canonizers its probabilities are explained; add the canonizer"
        + " LogitOutput to explain the logits before it"
    }
  }

  private static func end(of network: Network) -> String? {
    activation(of: network).map { network.nodes[$0].layer.kind == .sigmoid ? "sigmoid" : "softmax" }
  }
}
