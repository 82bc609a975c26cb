import NeuralNetwork

/// A rule that can be named in a composite file and chosen in the explorer.
public protocol CataloguedRule: Rule {
  static var description: RuleDescription { get }
  init(_ values: RuleArguments) throws
}

extension CataloguedRule {
  public var name: String { Self.description.name }
}

/// What there is to know about a rule before it is used.
public struct RuleDescription: Sendable {
  public let name: String
  /// One line, in the notation of the rule's own documentation.
  public let formula: String
  /// When to use it, in a few words.
  public let summary: String
  public let parameters: [ParameterDescription]
}

public struct ParameterDescription: Sendable {
  public enum Kind: Sendable, Equatable {
    case number(atLeast: Double)
    /// A whole number.
    case count(atLeast: Int)
    case stabilizer
    case bound
    case keys
  }
  /// As written in files: `zero_params`.
  public let name: String
  public let kind: Kind
  /// `nil` if the parameter has to be given.
  public let defaultValue: ParameterValue?

  static func number(_ name: String, _ value: Double, atLeast minimum: Double) -> Self {
    Self(name: name, kind: .number(atLeast: minimum), defaultValue: .number(value))
  }
  static func count(_ name: String, _ value: Int, atLeast minimum: Int) -> Self {
    Self(name: name, kind: .count(atLeast: minimum), defaultValue: .number(Double(value)))
  }
  static func stabilizer(_ name: String) -> Self {
    Self(name: name, kind: .stabilizer, defaultValue: .stabilizer(Stabilizer()))
  }
  static func bound(_ name: String) -> Self { Self(name: name, kind: .bound, defaultValue: nil) }
  static var zeroParams: Self { Self(name: "zero_params", kind: .keys, defaultValue: .keys([])) }

  /// Why `value` cannot be this parameter's, or `nil`.
  public func objection(to value: ParameterValue) -> String? {
    switch (kind, value) {
    case (.number(let minimum), .number(let number)):
      return number.isFinite && number >= minimum
        ? nil : "\(ParameterValue.short(number)) found, a number of at least \(ParameterValue.short(minimum)) expected"
    case (.count(let minimum), .number(let number)):
      return (Int(exactly: number) ?? .min) >= minimum
        ? nil : "\(ParameterValue.short(number)) found, \(expectation) expected"
    case (.stabilizer, .stabilizer(let stabilizer)):
      return stabilizer.epsilon.isFinite && stabilizer.epsilon >= 0
        ? nil : "\(ParameterValue.short(stabilizer.epsilon)) found, a number of at least 0 expected"
    case (.bound, .bound(.scalar(let number))): return number.isFinite ? nil : "\(number) found, a number expected"
    case (.bound, .bound(.perChannel(let numbers))):
      return !numbers.isEmpty && numbers.allSatisfy(\.isFinite) ? nil : "one number per channel expected"
    case (.bound, .bound(.tensor)): return nil
    case (.keys, .keys): return nil
    default: return "\(value) found, \(expectation) expected"
    }
  }

  /// What is expected, in words.
  public var expectation: String {
    switch kind {
    case .number(let minimum): return "a number of at least \(ParameterValue.short(minimum))"
    case .count(let minimum): return "a whole number of at least \(minimum)"
    case .stabilizer: return "a number of at least 0, or {epsilon, clip, norm_scale, dim}"
    case .bound: return "a number, or a list with one per channel"
    case .keys: return "a list of weight, bias"
    }
  }
}

extension RuleParameter {
  static func zeroParams(_ keys: Set<ParameterKey>) -> RuleParameter { .init("zero_params", .keys(keys)) }
}

/// Checked parameter values, every one of them given or at its default.
public struct RuleArguments: Sendable {
  private let rule: String
  private let values: [String: ParameterValue]

  /// - Throws: ``LRPError`` for an unknown, missing or unsuitable parameter.
  init(_ given: [String: ParameterValue], for description: RuleDescription) throws {
    for name in given.keys.sorted() where !description.parameters.contains(where: { $0.name == name }) {
      throw LRPError.unknownParameter(rule: description.name, name: name, known: description.parameters.map(\.name))
    }
    var values: [String: ParameterValue] = [:]
    for parameter in description.parameters {
      guard var value = given[parameter.name] ?? parameter.defaultValue else {
        throw LRPError.missingParameter(rule: description.name, name: parameter.name)
      }
      // A plain number is good for a stabilizer and for a bound too.
      if case .number(let number) = value {
        if parameter.kind == .stabilizer { value = .stabilizer(Stabilizer(number)) }
        if parameter.kind == .bound { value = .bound(.scalar(number)) }
      }
      if let problem = parameter.objection(to: value) {
        throw LRPError.parameter(rule: description.name, name: parameter.name, problem: problem)
      }
      values[parameter.name] = value
    }
    rule = description.name
    self.values = values
  }

  func number(_ name: String) -> Double {
    if case .number(let number) = values[name] { return number }
    return 0
  }
  func count(_ name: String) -> Int { Int(exactly: number(name)) ?? 0 }
  func stabilizer(_ name: String) -> Stabilizer {
    if case .stabilizer(let stabilizer) = values[name] { return stabilizer }
    return Stabilizer()
  }
  func bound(_ name: String) throws -> Bound {
    if case .bound(let bound) = values[name] { return bound }
    throw LRPError.missingParameter(rule: rule, name: name)
  }
  var zeroParams: Set<ParameterKey> {
    if case .keys(let keys) = values["zero_params"] { return keys }
    return []
  }
}

/// All rules by name: what files, menus and `lrp rules` are made from.
public enum RuleCatalog {
  public static let types: [any CataloguedRule.Type] = [
    Epsilon.self, ZPlus.self, AlphaBeta.self, Gamma.self, ZBox.self, WSquare.self, Flat.self, Pass.self, Norm.self,
    SumSingle.self, ReLUDeconvNet.self, ReLUGuidedBackprop.self, ReLUBetaSmooth.self,
  ]

  /// Whether a rule is one of these, not one of a user's own.
  static func isOwn(_ rule: any Rule) -> Bool {
    identifiers.contains(ObjectIdentifier(type(of: rule)))
  }
  private static let identifiers = types.map { ObjectIdentifier($0) }

  public static let descriptions: [RuleDescription] = types.map { $0.description }

  public static func description(of name: String) -> RuleDescription? { descriptions.first { $0.name == name } }

  /// Makes a rule from a name and parameters; missing ones take their defaults.
  /// - Throws: ``LRPError`` naming the rule or parameter, what was found and what is expected.
  public static func make(_ name: String, _ parameters: [String: ParameterValue] = [:]) throws -> any Rule {
    guard let type = types.first(where: { $0.description.name == name }) else {
      throw LRPError.unknownRule(
        name: name, nearest: Spelling.nearest(to: name, among: descriptions.map(\.name)))
    }
    return try type.init(RuleArguments(parameters, for: type.description))
  }
}
