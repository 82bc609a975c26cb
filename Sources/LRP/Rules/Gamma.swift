/// LRP-γ in its generalised form (Montavon et al. 2019; Andéol et al. 2021): contributions of the output's own sign
/// count `1 + γ` times, for outputs of either sign,
/// `R_in = x⁺ J(w + γw⁺)ᵀ s₊ + x⁻ J(w + γw⁻)ᵀ s₊ + x⁺ J(w + γw⁻)ᵀ s₋ + x⁻ J(w + γw⁺)ᵀ s₋`,
/// where `s₊` is `R / stab(z₊)` at outputs `z > 0` and `s₋` is `R / stab(z₋)` at outputs `z < 0`.
public struct Gamma: TermRule, CataloguedRule {
  public var gamma: Double
  public var stabilizer: Stabilizer
  public var zeroParams: Set<ParameterKey>

  public init(gamma: Double = 0.25, stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) {
    self.gamma = gamma
    self.stabilizer = stabilizer
    self.zeroParams = zeroParams
  }

  public var groups: [TermGroup] {
    let withoutBias = zeroParams.union([.bias])
    return [
      TermGroup(
        gate: .positive,
        [
          Term(.positive, ParameterModifier(.gammaPositive(gamma), zero: zeroParams)),
          Term(.negative, ParameterModifier(.gammaNegative(gamma), zero: withoutBias)),
        ]),
      TermGroup(
        gate: .negative,
        [
          Term(.positive, ParameterModifier(.gammaNegative(gamma), zero: zeroParams)),
          Term(.negative, ParameterModifier(.gammaPositive(gamma), zero: withoutBias)),
        ]),
    ]
  }

  public static let description = RuleDescription(
    name: "Gamma", formula: "x⁺ · J(w + γw⁺)ᵀ s + …", summary: "favours agreeing contributions by 1 + γ",
    parameters: [.number("gamma", 0.25, atLeast: 0), .stabilizer("stabilizer"), .zeroParams])

  public init(_ values: RuleArguments) throws {
    self.init(
      gamma: values.number("gamma"), stabilizer: values.stabilizer("stabilizer"), zeroParams: values.zeroParams)
  }
  public var parameters: [RuleParameter] {
    [.init("gamma", .number(gamma)), .init("stabilizer", .stabilizer(stabilizer)), .zeroParams(zeroParams)]
  }
}
