import NeuralNetwork
import Tensors

/// How relevance that arrives at a layer's output is handed on to its inputs.
///
/// Most rules are a ``TermRule``: they say which modified passes they are made of, and the shared four steps
/// (forward, divide, backward, multiply; Montavon et al. 2019, section 10.2) do the rest.
public protocol Rule: Sendable {
  /// The reference's class name: `Epsilon`.
  var name: String { get }
  /// Parameters in the order in which they are written.
  var parameters: [RuleParameter] { get }
  /// Equal for rules that do the same; what caches and undo lists compare.
  var identity: AnyHashable { get }

  /// Why the rule cannot be used on a layer with inputs and output of these shapes, or `nil` if it can.
  func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String?

  /// Relevance at each input of the layer, given the one at its output.
  func propagate(_ relevance: Tensor, at place: RulePlace) throws -> [Tensor]
}

extension Rule {
  public var parameters: [RuleParameter] { [] }
  public var identity: AnyHashable { AnyHashable(RuleIdentity(name: name, parameters: parameters)) }
  public func objection(to layer: any Layer, inputs: [Shape], output: Shape) -> String? { nil }

  /// `Gamma gamma=0.5`: the name and whatever differs from the defaults.
  public var summary: String {
    let defaults = RuleCatalog.description(of: name)?.parameters ?? []
    let changed = parameters.filter { parameter in
      !defaults.contains { $0.name == parameter.name && $0.defaultValue == parameter.value }
    }
    return ([name] + changed.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
  }
}

extension Rule {
  /// Why relevance of shape `output` cannot be handed on as it is.
  func shapeObjection(inputs: [Shape], output: Shape) -> String? {
    if inputs.count == 1, inputs[0] == output { return nil }
    let found = inputs.map(\.description).joined(separator: " and ")
    return "the layer turns \(found) into \(output); \(name) needs one that keeps the shape"
  }
}

struct RuleIdentity: Hashable {
  let name: String
  let parameters: [RuleParameter]
  /// What a rule without parameters is made of.
  var groups: [TermGroup] = []
  var stabilizer: Stabilizer?
}

/// A parameter of a rule with its value.
public struct RuleParameter: Hashable, Sendable {
  public let name: String
  public let value: ParameterValue

  public init(_ name: String, _ value: ParameterValue) {
    self.name = name
    self.value = value
  }
}

/// A parameter of a layer that a rule may set to zero.
public enum ParameterKey: String, Hashable, Sendable, CaseIterable, Comparable {
  case weight, bias
  public static func < (left: Self, right: Self) -> Bool { left.rawValue > right.rawValue }
}
