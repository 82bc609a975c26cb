import NeuralNetwork
import Tensors

/// How relevance that arrives at a layer's output is propagated to its inputs.
///
/// Most rules are a ``ShareRule``: they say which contributions relevance follows, and the four steps (forward, divide,
/// backward, multiply; Montavon et al. 2019, section 10.2) are done for them. Anything else writes
/// ``propagate(_:in:)`` itself.
///
/// Rules are values: two that are equal do the same, and results of one may be used for the other.
public protocol Rule: Hashable, Sendable {
  /// The reference's class name: `Epsilon`.
  var name: String { get }
  /// Parameters in the order in which they are written.
  var parameters: [RuleParameter] { get }
  /// The class of zennit that does the same with the same parameters; `nil` if there is none.
  var python: String? { get }
  /// Whether relevance passes as it is, on every layer.
  var isIdentity: Bool { get }
  /// Whether each sample's relevance depends on that sample alone, so that a batch may be split.
  var isSampleWise: Bool { get }

  /// Why the rule cannot be used on a layer with inputs and output of these shapes, or `nil` if it can.
  func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String?

  /// Relevance at each input of the layer, given the one at its output.
  func propagate(_ relevance: Tensor, in context: RuleContext) throws -> [Tensor]
}

extension Rule {
  public var parameters: [RuleParameter] { [] }
  public var python: String? { nil }
  public var isIdentity: Bool { false }
  public var isSampleWise: Bool { false }
  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? { nil }

  /// `Gamma gamma=0.5`: the name and whatever differs from the defaults.
  public var summary: String {
    ([name] + parameters.filter { !$0.isDefault }.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
  }

  /// Why relevance of shape `output` cannot pass as it is.
  func shapeObjection(inputs: [Shape], output: Shape) -> String? {
    if inputs.count == 1, inputs[0] == output { return nil }
    let found = inputs.map(\.description).joined(separator: " and ")
    return "the layer turns \(found) into \(output); \(name) needs one that keeps the shape"
  }
}

/// A parameter of a rule with its value.
public struct RuleParameter: Hashable, Sendable {
  public let name: String
  public let value: ParameterValue
  /// Whether the rule has this value where nothing else is said.
  public let isDefault: Bool

  public init(_ name: String, _ value: ParameterValue, isDefault: Bool = false) {
    self.name = name
    self.value = value
    self.isDefault = isDefault
  }
}

/// A parameter of a layer that a rule may set to zero.
public enum ParameterKey: String, Hashable, Sendable, CaseIterable, Comparable {
  case weight, bias
  public static func < (left: Self, right: Self) -> Bool { left.rawValue > right.rawValue }
}
