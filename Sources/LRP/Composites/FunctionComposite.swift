import NeuralNetwork

/// A composite by a function of one's own.
public struct FunctionComposite: Composite {
  public var canonizers: [any Canonizer]
  private let makeMapper: @Sendable (Network) throws -> RuleMapper

  /// - Parameter mapper: makes, for a canonized network, the function that is asked for the rule of each module in
  ///   registration order. What that function captures is its memory for one assignment.
  public init(canonizers: [any Canonizer] = [], mapper: @escaping @Sendable (Network) throws -> RuleMapper) {
    self.canonizers = canonizers
    makeMapper = mapper
  }

  /// - Parameter rule: the rule of a module, or `nil` for the plain gradient.
  public init(canonizers: [any Canonizer] = [], rule: @escaping @Sendable (Module) throws -> (any Rule)?) {
    self.init(canonizers: canonizers) { _ in
      { module in try rule(module).map { RuleMatch(rule: $0, reason: "function") } }
    }
  }

  public func mapper(for network: Network) throws -> RuleMapper { try makeMapper(network) }
}
