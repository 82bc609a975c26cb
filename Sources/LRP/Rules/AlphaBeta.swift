/// LRP-αβ: positive contributions weigh α, negative ones β, with α − β = 1 (Bach et al. 2015, eq. 60),
/// `R_in = α (x⁺ J(w⁺)ᵀ s⁺ + x⁻ J(w⁻)ᵀ s⁺) − β (x⁺ J(w⁻)ᵀ s⁻ + x⁻ J(w⁺)ᵀ s⁻)`.
public struct AlphaBeta: TermRule, CataloguedRule {
  public let alpha: Double
  public let beta: Double
  public var stabilizer: Stabilizer
  public var zeroParams: Set<ParameterKey>

  /// - Throws: ``LRPError/parameter(rule:name:problem:)`` unless both are non-negative and α − β = 1.
  public init(
    alpha: Double = 2, beta: Double = 1, stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []
  ) throws {
    for (name, value) in [("alpha", alpha), ("beta", beta)] where !(value >= 0) {
      throw LRPError.parameter(
        rule: "AlphaBeta", name: name, problem: "\(value) found, a number of at least 0 expected")
    }
    guard abs(alpha - beta - 1) < 1e-12 else {
      throw LRPError.parameter(
        rule: "AlphaBeta", name: "alpha",
        problem: "alpha − beta is \(alpha - beta), it must be 1; set beta to alpha − 1")
    }
    self.alpha = alpha
    self.beta = beta
    self.stabilizer = stabilizer
    self.zeroParams = zeroParams
  }

  public var groups: [TermGroup] {
    let withoutBias = zeroParams.union([.bias])
    let excitation = TermGroup(
      coefficient: Float(alpha),
      [
        Term(.positive, ParameterModifier(.positive, zero: zeroParams)),
        Term(.negative, ParameterModifier(.negative, zero: withoutBias)),
      ])
    let inhibition = TermGroup(
      coefficient: -Float(beta),
      [
        Term(.positive, ParameterModifier(.negative, zero: zeroParams)),
        Term(.negative, ParameterModifier(.positive, zero: withoutBias)),
      ])
    return [excitation, inhibition].filter { $0.coefficient != 0 }
  }

  public static let description = RuleDescription(
    name: "AlphaBeta", formula: "α · (positive share) − β · (negative share)",
    summary: "evidence for and against, weighed apart; α − β = 1",
    parameters: [
      .number("alpha", 2, atLeast: 0), .number("beta", 1, atLeast: 0), .stabilizer("stabilizer"), .zeroParams,
    ])

  public init(_ values: RuleArguments) throws {
    try self.init(
      alpha: values.number("alpha"), beta: values.number("beta"), stabilizer: values.stabilizer("stabilizer"),
      zeroParams: values.zeroParams)
  }
  public var parameters: [RuleParameter] {
    [
      .init("alpha", .number(alpha)), .init("beta", .number(beta)), .init("stabilizer", .stabilizer(stabilizer)),
      .zeroParams(zeroParams),
    ]
  }
}
