/// LRP-z⁺ (Montavon et al. 2017, eq. 21): only positive contributions count, `z = P`,
///
///     R_in = x⁺ J(w⁺)ᵀ s + x⁻ J(w⁻)ᵀ s,   s = R / stab(f(x⁺; w⁺, b⁺) + f(x⁻; w⁻))
public struct ZPlus: ShareRule, CataloguedRule {
  public var stabilizer: Stabilizer = 1e-6
  public var zeroParams: Set<ParameterKey> = []

  public var shares: [Share] { [Share(positive: 1, negative: 0)] }

  package static let entry = CatalogEntry<ZPlus>(
    "ZPlus", formula: "x⁺ · J(w⁺)ᵀ s + x⁻ · J(w⁻)ᵀ s",
    summary: "only what speaks for the class; smooth and positive",
    parameters: [.stabilizer(\.stabilizer), .zeroParams(\.zeroParams)])

  public init() {}
  public init(stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) {
    (self.stabilizer, self.zeroParams) = (stabilizer, zeroParams)
  }
}
