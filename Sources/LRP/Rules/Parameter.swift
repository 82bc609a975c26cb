import NeuralNetwork

/// A parameter of a rule of the catalogue, declared once: its name in files, where it is stored and what it may be. Its
/// default is what the rule's `init()` stores.
package struct Parameter<Root: Sendable>: Sendable {
  let name: String
  let kind: ParameterDescription.Kind
  let isRequired: Bool
  let read: @Sendable (Root) -> ParameterValue
  /// Values of another kind are left alone: they are checked before.
  let write: @Sendable (inout Root, ParameterValue) -> Void

  static func number(
    _ name: String, _ path: WritableKeyPath<Root, Double> & Sendable, atLeast minimum: Double
  ) -> Self {
    Self(name: name, kind: .number(atLeast: minimum), isRequired: false) {
      .number($0[keyPath: path])
    } write: {
      if case .number(let number) = $1 { $0[keyPath: path] = number }
    }
  }

  /// A whole number.
  static func count(_ name: String, _ path: WritableKeyPath<Root, Int> & Sendable, atLeast minimum: Int) -> Self {
    Self(name: name, kind: .count(atLeast: minimum), isRequired: false) {
      .number(Double($0[keyPath: path]))
    } write: {
      if case .number(let number) = $1, let count = Int(exactly: number) { $0[keyPath: path] = count }
    }
  }

  static func stabilizer(
    _ path: WritableKeyPath<Root, Stabilizer> & Sendable, named name: String = "stabilizer"
  ) -> Self {
    Self(name: name, kind: .stabilizer, isRequired: false) {
      .stabilizer($0[keyPath: path])
    } write: {
      if case .stabilizer(let stabilizer) = $1 { $0[keyPath: path] = stabilizer }
    }
  }

  /// Always required: bounds depend on the data.
  static func bound(_ name: String, _ path: WritableKeyPath<Root, Bound> & Sendable) -> Self {
    Self(name: name, kind: .bound, isRequired: true) {
      .bound($0[keyPath: path])
    } write: {
      if case .bound(let bound) = $1 { $0[keyPath: path] = bound }
    }
  }

  static func zeroParams(_ path: WritableKeyPath<Root, Set<ParameterKey>> & Sendable) -> Self {
    Self(name: "zero_params", kind: .keys, isRequired: false) {
      .keys($0[keyPath: path])
    } write: {
      if case .keys(let keys) = $1 { $0[keyPath: path] = keys }
    }
  }
}

/// What may stand for a parameter, and what it is where nothing is given.
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
