import NeuralNetwork

/// A rule that can be named in a composite file and chosen in the explorer. Names, descriptions, reading, writing and
/// checking follow from its ``entry``.
package protocol CataloguedRule: Rule {
  static var entry: CatalogEntry<Self> { get }
  /// The rule with its defaults; parameters without any are set before it is used.
  init()
  /// Why parameters that are sound each by itself do not go together.
  var inconsistency: (parameter: String, problem: String)? { get }
}

/// What there is to say about a rule, once.
package struct CatalogEntry<Root: Sendable>: Sendable {
  let name: String
  let formula: String
  let summary: String
  let layers: LayerType?
  let isInZennit: Bool
  let parameters: [Parameter<Root>]

  /// - Parameters:
  ///   - formula: one line, in the notation of the rule's own documentation.
  ///   - summary: when to use it, in a few words.
  ///   - layers: those that one would look for it on, if not all; files may put it on others.
  ///   - isInZennit: whether zennit has a class of this name with these parameters.
  init(
    _ name: String, formula: String, summary: String, layers: LayerType? = nil, isInZennit: Bool = true,
    parameters: [Parameter<Root>] = []
  ) {
    self.name = name
    self.formula = formula
    self.summary = summary
    self.layers = layers
    self.isInZennit = isInZennit
    self.parameters = parameters
  }
}

extension CataloguedRule {
  public var name: String { Self.entry.name }
  public var python: String? { Self.entry.isInZennit ? name : nil }
  package var inconsistency: (parameter: String, problem: String)? { nil }

  public var parameters: [RuleParameter] {
    let defaults = Self()
    return Self.entry.parameters.map { parameter in
      let value = parameter.read(self)
      return RuleParameter(
        parameter.name, value, isDefault: !parameter.isRequired && value == parameter.read(defaults))
    }
  }

  static var description: RuleDescription {
    let (entry, defaults) = (Self.entry, Self())
    return RuleDescription(
      name: entry.name, formula: entry.formula, summary: entry.summary, layers: entry.layers,
      isInZennit: entry.isInZennit,
      parameters: entry.parameters.map {
        ParameterDescription(
          name: $0.name, kind: $0.kind, defaultValue: $0.isRequired ? nil : $0.read(defaults))
      })
  }

  /// The rule itself.
  /// - Throws: ``LRPError/parameter(rule:name:problem:)`` if a parameter is out of range, or some do not go together.
  func checked() throws -> Self {
    for (parameter, description) in zip(Self.entry.parameters, Self.description.parameters) {
      if let problem = description.objection(to: parameter.read(self)) {
        throw LRPError.parameter(rule: name, name: parameter.name, problem: problem)
      }
    }
    if let (parameter, problem) = inconsistency {
      throw LRPError.parameter(rule: name, name: parameter, problem: problem)
    }
    return self
  }

  /// The rule with the given parameters, and defaults for the others.
  fileprivate static func make(_ given: [String: ParameterValue]) throws -> Self {
    let description = description
    for name in given.keys.sorted() where !description.parameters.contains(where: { $0.name == name }) {
      throw LRPError.unknownParameter(rule: description.name, name: name, known: description.parameters.map(\.name))
    }
    var rule = Self()
    for (parameter, description) in zip(entry.parameters, description.parameters) {
      guard var value = given[parameter.name] else {
        if parameter.isRequired { throw LRPError.missingParameter(rule: entry.name, name: parameter.name) }
        continue
      }
      // A plain number is good for a stabilizer and for a bound too.
      if case .number(let number) = value {
        if parameter.kind == .stabilizer { value = .stabilizer(Stabilizer(number)) }
        if parameter.kind == .bound { value = .bound(.scalar(number)) }
      }
      if let problem = description.objection(to: value) {
        throw LRPError.parameter(rule: entry.name, name: parameter.name, problem: problem)
      }
      parameter.write(&rule, value)
    }
    return try rule.checked()
  }
}

/// What there is to know about a rule before it is used.
public struct RuleDescription: Sendable {
  public let name: String
  /// One line, in the notation of the rule's own documentation.
  public let formula: String
  /// When to use it, in a few words.
  public let summary: String
  /// Those that one would look for it on; `nil` for all. Files may put it on others.
  public let layers: LayerType?
  /// Whether zennit has a class of this name with these parameters.
  public let isInZennit: Bool
  public let parameters: [ParameterDescription]
}

/// All rules by name: what files, menus and `lrp rules` are made from.
public enum RuleCatalog {
  package static let types: [any CataloguedRule.Type] = [
    Epsilon.self, ZPlus.self, AlphaBeta.self, Gamma.self, ZBox.self, WSquare.self, Flat.self, Pass.self, Norm.self,
    SumSingle.self, ReLUDeconvNet.self, ReLUGuidedBackprop.self, ReLUBetaSmooth.self,
  ]

  public static let descriptions: [RuleDescription] = types.map { $0.description }

  public static func description(of name: String) -> RuleDescription? { descriptions.first { $0.name == name } }

  /// Makes a rule from a name and parameters; missing ones take their defaults.
  /// - Throws: ``LRPError`` naming the rule or parameter, what was found and what is expected.
  public static func make(_ name: String, _ parameters: [String: ParameterValue] = [:]) throws -> any Rule {
    guard let place = descriptions.firstIndex(where: { $0.name == name }) else {
      throw LRPError.unknownRule(
        name: name, nearest: Spelling.nearest(to: name, among: descriptions.map(\.name)))
    }
    return try types[place].make(parameters)
  }
}
