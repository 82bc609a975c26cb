/// LRP-zᴮ for pixels that lie between `low` and `high` (Montavon et al. 2017, eq. 25):
///
///     R_in = x Jᵀ s − low J(w⁺)ᵀ s − high J(w⁻)ᵀ s,   s = R / stab(f(x) − f(low; w⁺, b⁺) − f(high; w⁻, b⁻))
public struct ZBox: ShareRule, CataloguedRule {
  public var low: Bound = 0
  public var high: Bound = 0
  public var stabilizer: Stabilizer = 1e-6
  public var zeroParams: Set<ParameterKey> = []

  public var shares: [Share] {
    [
      Share(
        of: Term(.identity, .untouched), Term(.bound(low), ParameterModifier(.positive), sign: -1),
        Term(.bound(high), ParameterModifier(.negative), sign: -1))
    ]
  }

  package static let entry = CatalogEntry<ZBox>(
    "ZBox", formula: "x · Jᵀ s − low · J(w⁺)ᵀ s − high · J(w⁻)ᵀ s",
    summary: "for pixels within bounds; the first convolution",
    parameters: [
      .bound("low", \.low), .bound("high", \.high), .stabilizer(\.stabilizer), .zeroParams(\.zeroParams),
    ])

  package init() {}
  public init(low: Bound, high: Bound, stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) {
    (self.low, self.high, self.stabilizer, self.zeroParams) = (low, high, stabilizer, zeroParams)
  }
}
