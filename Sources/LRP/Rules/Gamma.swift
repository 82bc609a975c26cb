/// LRP-γ in its generalised form (Montavon et al. 2019; Andéol et al. 2021): contributions of the output's own sign count
/// `1 + γ` times, `z₊ = (1 + γ)P + N` where the output is positive and `z₋ = P + (1 + γ)N` where it is negative,
///
///     R_in = x⁺ J(w + γw⁺)ᵀ s₊ + x⁻ J(w + γw⁻)ᵀ s₊ + x⁺ J(w + γw⁻)ᵀ s₋ + x⁻ J(w + γw⁺)ᵀ s₋
///
/// where `s₊` is `R / stab(z₊)` at positive outputs and `s₋` is `R / stab(z₋)` at negative ones.
public struct Gamma: ShareRule, CataloguedRule {
  public internal(set) var gamma = 0.25
  public var stabilizer: Stabilizer = 1e-6
  public var zeroParams: Set<ParameterKey> = []

  public var shares: [Share] {
    [
      Share(where: .positive, positive: 1 + gamma, negative: 1),
      Share(where: .negative, positive: 1, negative: 1 + gamma),
    ]
  }

  package static let entry = CatalogEntry<Gamma>(
    "Gamma", formula: "x⁺ · J(w + γw⁺)ᵀ s + …", summary: "favours agreeing contributions by 1 + γ",
    parameters: [.number("gamma", \.gamma, atLeast: 0), .stabilizer(\.stabilizer), .zeroParams(\.zeroParams)])

  public init() {}
  /// - Throws: ``LRPError/parameter(rule:name:problem:)`` if γ is negative or no number.
  public init(gamma: Double = 0.25, stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) throws {
    (self.gamma, self.stabilizer, self.zeroParams) = (gamma, stabilizer, zeroParams)
    self = try checked()
  }
}
