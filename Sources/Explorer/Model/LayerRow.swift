import NeuralNetwork
import Tensors

/// A node of the canonized network as a row of the table.
public struct LayerRow: Sendable {
  /// Number of the node; 0 is the input.
  public let index: Int
  public let name: String
  /// What rules are assigned to; several nodes may share it.
  public let path: String
  public let kind: LayerKind
  /// A few words: `Conv 3→32 3×3 /2`.
  public let summary: String
  public let inputShapes: [Shape]
  public let outputShape: Shape
  public let parameterCount: Int

  public let traits: LayerTraits
  /// Whether a rule can be assigned at all: it is a module, not a plain `+` in the model's code.
  public let takesRules: Bool
  /// A batch norm that no canonizer has merged into its neighbour.
  public let isUnmergedBatchNorm: Bool

  /// Whether relevance usually just passes: hidden unless all layers are listed.
  public var isPassive: Bool {
    LayerType.activation.contains(kind) || LayerType.batchNorm.contains(kind)
      || [.dropout, .identity, .flatten, .padding].contains(kind)
  }

  /// The rows of a network for an input of shape `(1, C, …)`.
  /// - Throws: ``NetworkError`` if the network cannot take that input.
  public static func rows(of network: Network, input: Shape) throws -> [LayerRow] {
    let shapes = try network.shapes(forInput: input)
    let modules = Set(network.registrationOrder)
    return network.nodes.enumerated().map { index, node in
      let parameters = node.layer as? any ParameterizedLayer
      return LayerRow(
        index: index, name: node.name, path: node.path, kind: node.layer.kind, summary: node.layer.summary,
        inputShapes: node.inputs.map { shapes[$0] }, outputShape: shapes[index],
        parameterCount: (parameters?.weight.count ?? 0) + (parameters?.bias?.count ?? 0),
        traits: node.layer.traits,
        takesRules: !node.layer.traits.isFunctional && modules.contains(node.path),
        isUnmergedBatchNorm: (node.layer as? any BatchNormalizing).map { !isIdentity($0) } ?? false)
    }
  }

  private static func isIdentity(_ layer: any BatchNormalizing) -> Bool {
    func isConstant(_ tensor: Tensor, _ value: Float) -> Bool {
      tensor.minimum() == value && tensor.maximum() == value
    }
    return isConstant(layer.weight, 1) && isConstant(layer.runningMean, 0) && isConstant(layer.runningVariance, 1)
      && (layer.bias.map { isConstant($0, 0) } ?? true)
  }
}
