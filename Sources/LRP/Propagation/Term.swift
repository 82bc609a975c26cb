import NeuralNetwork
import Tensors

/// One modified pass through a layer: `z_k = f(x̃; w̃)` and, backwards, `x̃ · J(x̃; w̃)ᵀ s`.
public struct Term: Hashable, Sendable {
  public var input: InputModifier
  public var parameters: ParameterModifier
  /// +1, or −1 where the pass is subtracted (zᴮ), in the denominator and in the result alike.
  public var sign: Float

  public init(_ input: InputModifier, _ parameters: ParameterModifier, sign: Float = 1) {
    self.input = input
    self.parameters = parameters
    self.sign = sign
  }
}

/// How a term changes the layer's input.
public enum InputModifier: Hashable, Sendable {
  case identity
  /// `x⁺ = max(x, 0)`
  case positive
  /// `x⁻ = min(x, 0)`
  case negative
  /// `1`
  case ones
  /// The lowest or highest value a pixel can take, expanded to the input's shape.
  case bound(Bound)

  var dependsOnSigns: Bool { self == .positive || self == .negative }

  /// Whether the modified input is zero throughout.
  func vanishes(for signs: Signs) -> Bool {
    (self == .negative && signs == .nonnegative) || (self == .positive && signs == .nonpositive)
  }

  /// Whether the modified input is the input.
  func isIdentity(for signs: Signs) -> Bool {
    self == .identity || (self == .positive && signs == .nonnegative) || (self == .negative && signs == .nonpositive)
  }

  /// The number that the modified input is in each channel, whatever the input; `nil` if it depends on the input or on
  /// the position.
  func constants(channels: Int) -> [Float]? {
    switch self {
    case .ones: [Float](repeating: 1, count: channels)
    case .bound(let bound): bound.numbers(channels: channels)
    case .identity, .positive, .negative: nil
    }
  }
}

/// How a term changes the layer's parameters. The same change is made to weight and bias.
public struct ParameterModifier: Hashable, Sendable {
  public enum Change: Hashable, Sendable {
    /// `p·w⁺ + n·w⁻`
    case weighed(positive: Double, negative: Double)
    /// `w²`
    case squared
    /// `1`
    case ones

    public static let none = Change.weighed(positive: 1, negative: 1)
    /// `w⁺`
    public static let positive = Change.weighed(positive: 1, negative: 0)
    /// `w⁻`
    public static let negative = Change.weighed(positive: 0, negative: 1)
    /// `|w|`
    public static let magnitude = Change.weighed(positive: 1, negative: -1)
  }
  public var change: Change
  /// Parameters set to zero instead.
  public var zero: Set<ParameterKey>

  public init(_ change: Change, zero: Set<ParameterKey> = []) {
    self.change = change
    self.zero = zero
  }

  public static let untouched = ParameterModifier(.none)

  /// Whether the layer stays as it is, because nothing is changed that it has.
  func isIdentity(for layer: any Layer) -> Bool {
    guard let layer = layer as? any ParameterizedLayer, layer.parameterTraits.areModifiable else { return true }
    return change == .none && !zero.contains(.weight) && (!zero.contains(.bias) || layer.bias == nil)
  }

  func apply(to parameter: Tensor, as key: ParameterKey) -> Tensor {
    if zero.contains(key) { return parameter.map { _ in 0 } }
    switch change {
    case .none: return parameter
    case .positive: return parameter.positivePart
    case .negative: return parameter.negativePart
    case .magnitude: return parameter.map(Magnitude())
    case .weighed(let positive, let negative):
      return parameter.map(Boosted(positive: Float(positive - 1), negative: Float(negative - 1)))
    case .squared: return parameter.map(Squared())
    case .ones: return parameter.map { _ in 1 }
    }
  }

  /// The same for one number, in double.
  func apply(to value: Double, as key: ParameterKey) -> Double {
    if zero.contains(key) { return 0 }
    switch change {
    case .weighed(let positive, let negative): return (value > 0 ? positive : negative) * value
    case .squared: return value * value
    case .ones: return 1
    }
  }

  /// The layer with its parameters changed. A zeroed bias is left out, as adding nothing costs nothing.
  func apply(to layer: any ParameterizedLayer) -> any ParameterizedLayer {
    layer.replacing(weight: apply(to: layer.weight, as: .weight), bias: bias(of: layer))
  }

  /// The changed bias; `nil` if the layer has none, or it would be zero.
  func bias(of layer: any ParameterizedLayer) -> Tensor? {
    zero.contains(.bias) ? nil : layer.bias.map { apply(to: $0, as: .bias) }
  }
}

/// Which signs occur in an activation.
public enum Signs: Hashable, Sendable {
  /// No element is negative.
  case nonnegative
  /// No element is positive.
  case nonpositive
  case mixed
}
