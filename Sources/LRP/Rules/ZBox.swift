/// LRP-zᴮ for pixels that lie between `low` and `high` (Montavon et al. 2017, eq. 25):
/// `R_in = x Jᵀ s − low J(w⁺)ᵀ s − high J(w⁻)ᵀ s`, `s = R / stab(f(x) − f(low; w⁺, b⁺) − f(high; w⁻, b⁻))`.
public struct ZBox: TermRule, CataloguedRule {
  public var low: Bound
  public var high: Bound
  public var stabilizer: Stabilizer
  public var zeroParams: Set<ParameterKey>

  public init(low: Bound, high: Bound, stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) {
    self.low = low
    self.high = high
    self.stabilizer = stabilizer
    self.zeroParams = zeroParams
  }

  public var groups: [TermGroup] {
    [
      TermGroup([
        Term(.identity, ParameterModifier(.none, zero: zeroParams)),
        Term(.bound(low), ParameterModifier(.positive, zero: zeroParams), sign: -1),
        Term(.bound(high), ParameterModifier(.negative, zero: zeroParams), sign: -1),
      ])
    ]
  }

  public static let description = RuleDescription(
    name: "ZBox", formula: "x · Jᵀ s − low · J(w⁺)ᵀ s − high · J(w⁻)ᵀ s",
    summary: "for pixels within bounds; the first convolution",
    parameters: [.bound("low"), .bound("high"), .stabilizer("stabilizer"), .zeroParams])

  public init(_ values: RuleArguments) throws {
    self.init(
      low: try values.bound("low"), high: try values.bound("high"), stabilizer: values.stabilizer("stabilizer"),
      zeroParams: values.zeroParams)
  }
  public var parameters: [RuleParameter] {
    [
      .init("low", .bound(low)), .init("high", .bound(high)), .init("stabilizer", .stabilizer(stabilizer)),
      .zeroParams(zeroParams),
    ]
  }
}
