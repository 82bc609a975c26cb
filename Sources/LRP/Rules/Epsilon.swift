/// LRP-ε: `R_in = x · Jᵀ [R / stab(z)]`, with `z = f(x; w, b)` (Bach et al. 2015, eq. 58).
public struct Epsilon: TermRule, CataloguedRule {
  public var epsilon: Stabilizer
  public var zeroParams: Set<ParameterKey>

  public init(epsilon: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) {
    self.epsilon = epsilon
    self.zeroParams = zeroParams
  }

  public var stabilizer: Stabilizer { epsilon }
  public var groups: [TermGroup] { [TermGroup([Term(.identity, ParameterModifier(.none, zero: zeroParams))])] }

  public static let description = RuleDescription(
    name: "Epsilon", formula: "x · Jᵀ [R / stab(z)]",
    summary: "absorbs weak and contradictory contributions; ε = 0 is LRP-0",
    parameters: [.stabilizer("epsilon"), .zeroParams])

  public init(_ values: RuleArguments) throws {
    self.init(epsilon: values.stabilizer("epsilon"), zeroParams: values.zeroParams)
  }
  public var parameters: [RuleParameter] { [.init("epsilon", .stabilizer(epsilon)), .zeroParams(zeroParams)] }
}
