/// LRP-z⁺: positive contributions only,
/// `R_in = x⁺ J(w⁺)ᵀ s + x⁻ J(w⁻)ᵀ s`, `s = R / stab(f(x⁺; w⁺, b⁺) + f(x⁻; w⁻))` (Montavon et al. 2017, eq. 21).
public struct ZPlus: TermRule, CataloguedRule {
  public var stabilizer: Stabilizer
  public var zeroParams: Set<ParameterKey>

  public init(stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) {
    self.stabilizer = stabilizer
    self.zeroParams = zeroParams
  }

  public var groups: [TermGroup] {
    [
      TermGroup([
        Term(.positive, ParameterModifier(.positive, zero: zeroParams)),
        Term(.negative, ParameterModifier(.negative, zero: zeroParams.union([.bias]))),
      ])
    ]
  }

  public static let description = RuleDescription(
    name: "ZPlus", formula: "x⁺ · J(w⁺)ᵀ s + x⁻ · J(w⁻)ᵀ s",
    summary: "only what speaks for the class; smooth and positive",
    parameters: [.stabilizer("stabilizer"), .zeroParams])

  public init(_ values: RuleArguments) throws {
    self.init(stabilizer: values.stabilizer("stabilizer"), zeroParams: values.zeroParams)
  }
  public var parameters: [RuleParameter] { [.init("stabilizer", .stabilizer(stabilizer)), .zeroParams(zeroParams)] }
}
