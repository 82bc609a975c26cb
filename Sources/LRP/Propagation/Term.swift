import NeuralNetwork
import Tensors

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
}

/// How a term changes the layer's parameters. The same change is made to weight and bias.
public struct ParameterModifier: Hashable, Sendable {
  public enum Change: Hashable, Sendable {
    case none
    /// `w⁺`
    case positive
    /// `w⁻`
    case negative
    /// `w + γw⁺`
    case gammaPositive(Double)
    /// `w + γw⁻`
    case gammaNegative(Double)
    /// `|w|`
    case magnitude
    /// `w²`
    case squared
    /// `1`
    case ones
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
    // A frozen batch norm has buffers in place of parameters, which rules leave alone, as in the reference.
    guard let layer = layer as? any ParameterizedLayer, layer.kind != .frozenBatchNorm2d else { return true }
    return change == .none && !zero.contains(.weight) && (!zero.contains(.bias) || layer.bias == nil)
  }

  func apply(to parameter: Tensor, as key: ParameterKey) -> Tensor {
    if zero.contains(key) { return parameter.map { _ in 0 } }
    switch change {
    case .none: return parameter
    case .positive: return parameter.positivePart
    case .negative: return parameter.negativePart
    case .gammaPositive(let gamma):
      return parameter.map(Boosted(positive: Float(gamma)))
    case .gammaNegative(let gamma):
      return parameter.map(Boosted(negative: Float(gamma)))
    case .magnitude: return parameter.map(Magnitude())
    case .squared: return parameter.map(Squared())
    case .ones: return parameter.map { _ in 1 }
    }
  }

  /// The layer with its parameters changed. A zeroed bias is left out, as adding nothing costs nothing.
  func apply(to layer: any ParameterizedLayer) -> any ParameterizedLayer {
    let bias = zero.contains(.bias) && layer.kind.hasOptionalBias ? nil : layer.bias
    return layer.replacing(
      weight: apply(to: layer.weight, as: .weight), bias: bias.map { apply(to: $0, as: .bias) })
  }
}

extension LayerKind {
  /// Convolutions and fully connected layers work without a bias; a batch norm always has one.
  fileprivate var hasOptionalBias: Bool { LayerType.linear.contains(self) }
}

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

/// For which output units a group of terms applies.
public enum Gate: Hashable, Sendable {
  case open
  /// Where the layer's own output is positive.
  case positive
  /// Where it is negative.
  case negative
}

/// Terms that share a denominator: with `z = Σ sign_k z_k` and `s = gate · R / stab(z)`, they contribute
/// `coefficient · Σ sign_k · x̃_k · J_kᵀ s`.
public struct TermGroup: Hashable, Sendable {
  public var coefficient: Float
  public var gate: Gate
  public var terms: [Term]

  public init(coefficient: Float = 1, gate: Gate = .open, _ terms: [Term]) {
    self.coefficient = coefficient
    self.gate = gate
    self.terms = terms
  }
}
