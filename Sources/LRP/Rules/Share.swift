import NeuralNetwork

/// One share of the relevance that arrives at a layer, for contributions `x·w` to an output:
///
///     R_in = coefficient · x̃ ⊙ J(w̃)ᵀ [ gate · R / stab(z̃) ]
///
/// A rule is a sum of shares. What `x̃`, `w̃` and `z̃` are follows from ``contributions``.
public struct Share: Hashable, Sendable {
  /// What relevance is shared in proportion to.
  public enum Contributions: Hashable, Sendable {
    /// `z̃ = p·P + n·N`, with `P` an output's positive contributions and `N` its negative ones, each with its part of the
    /// bias. `P + N` is the output itself.
    case weighed(positive: Double, negative: Double)
    /// `z̃ = Σ sign · f(x̃; w̃)`: inputs and parameters modified as the terms say.
    case modified([Term])
  }

  public var coefficient: Double
  public var gate: Gate
  public var contributions: Contributions

  /// A share by contributions: `z̃ = p·P + n·N`.
  /// - Parameters:
  ///   - gate: the outputs whose relevance is shared so.
  ///   - positive: `p`.
  ///   - negative: `n`.
  public init(_ coefficient: Double = 1, where gate: Gate = .open, positive: Double, negative: Double) {
    self.coefficient = coefficient
    self.gate = gate
    contributions = .weighed(positive: positive, negative: negative)
  }

  /// A share by modified passes: `z̃ = Σ sign · f(x̃; w̃)`.
  public init(_ coefficient: Double = 1, where gate: Gate = .open, of terms: Term...) {
    self.coefficient = coefficient
    self.gate = gate
    contributions = .modified(terms)
  }

  /// The passes that make up the share, with some parameters set to zero.
  ///
  /// Positive contributions come from positive inputs with positive weights and from negative ones with negative weights:
  /// `p·P + n·N = f(x⁺; p·w⁺ + n·w⁻) + f(x⁻; n·w⁺ + p·w⁻)`, and the bias belongs to the first.
  func terms(zero: Set<ParameterKey>) -> [Term] {
    switch contributions {
    case .weighed(positive: 1, negative: 1): return [Term(.identity, ParameterModifier(.none, zero: zero))]
    case .weighed(let p, let n):
      return [
        Term(.positive, ParameterModifier(.weighed(positive: p, negative: n), zero: zero)),
        Term(.negative, ParameterModifier(.weighed(positive: n, negative: p), zero: zero.union([.bias]))),
      ]
    case .modified(let terms):
      return terms.map { term in
        var term = term
        term.parameters.zero.formUnion(zero)
        return term
      }
    }
  }
}

/// For which output units a share is.
public enum Gate: Hashable, Sendable {
  case open
  /// Where the layer's own output is positive.
  case positive
  /// Where it is negative.
  case negative
}

/// A rule that is a sum of ``Share``s. It says which; forward `z̃`, divide `s = R / stab(z̃)`, backward `c = Jᵀ s` and
/// multiply `R_in = Σ x̃ · c` are done for it, and so are caching, leaving out what is zero, the ledger, the relevance of
/// parameters and derivatives.
///
/// A rule that needs a ``Rule/propagate(_:in:)`` of its own is a plain ``Rule``.
public protocol ShareRule: Rule {
  var shares: [Share] { get }
  var stabilizer: Stabilizer { get }
  /// Parameters of the layer that are zero in every share.
  var zeroParams: Set<ParameterKey> { get }
}

extension ShareRule {
  public var zeroParams: Set<ParameterKey> { [] }
  public var isSampleWise: Bool {
    stabilizer.function == nil && (!stabilizer.normScale || stabilizer.dim == nil)
  }
}
