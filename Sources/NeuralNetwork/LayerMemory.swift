import Compute
import Tensors

/// What computing with a layer takes in memory, in bytes, beside what is there already. An estimate from below: the
/// arrays that surely come into being.
public struct LayerMemory: Sendable, Equatable {
  public let inputs: Double
  public let output: Double
  /// Of those that are kept once more, in oneDNN's order.
  public let parameters: Double

  public init(of layer: any Layer, inputs: [Shape], output: Shape) {
    let parameterized = layer as? any ParameterizedLayer
    self.inputs = 4 * inputs.elementCount
    self.output = 4 * Double(output.count)
    parameters = parameterized.map { $0.parameterTraits.areKeptReordered ? 4 * Double($0.weight.count) : 0 } ?? 0
  }

  /// The output, and the parameters in the order in which oneDNN wants them.
  public var forward: Double { output + parameters }

  /// The relevance of the inputs, a denominator and a quotient of the output's size, and parameters that a rule has
  /// modified, in two orders.
  public var backward: Double { inputs + 2 * output + 2 * parameters }
}

extension Network {
  /// Asks before anything is computed whether there is memory for it.
  /// - Throws: `MemoryError` if a limit of any kind does not allow ``memory(forInput:passesBackward:)``, or
  ///   ``NetworkError``.
  public func checkMemory(forInput input: Shape, passesBackward: Bool = true) throws {
    try ComputeEngine.demand(
      memory(forInput: input, passesBackward: passesBackward),
      for: name + (input.batch == 1 ? "" : " with \(input.batch) samples at a time"))
  }

  /// Bytes that explaining an input takes at least: every activation, every layer's parameters once more in oneDNN's
  /// order, and the largest step backward.
  /// - Parameter passesBackward: whether there is relevance to be found, and not only an output.
  /// - Throws: ``NetworkError/layer(name:problem:)`` for a shape that the network does not take.
  public func memory(forInput input: Shape, passesBackward: Bool = true) throws -> Double {
    let shapes = try shapes(forInput: input)
    var (kept, largest) = (0.0, 0.0)
    for (index, node) in nodes.enumerated() {
      let layer = LayerMemory(of: node.layer, inputs: node.inputs.map { shapes[$0] }, output: shapes[index])
      kept += layer.forward
      largest = max(largest, layer.backward)
    }
    return kept + (passesBackward ? largest : 0)
  }
}
