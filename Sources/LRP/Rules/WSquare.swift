/// LRP-w²: `R_in = J(w²)ᵀ [R / stab(f(1; w², b²))]` (Montavon et al. 2017, eq. 22).
public struct WSquare: TermRule, CataloguedRule {
  public var stabilizer: Stabilizer
  public var zeroParams: Set<ParameterKey>

  public init(stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) {
    self.stabilizer = stabilizer
    self.zeroParams = zeroParams
  }

  public var groups: [TermGroup] { [TermGroup([Term(.ones, ParameterModifier(.squared, zero: zeroParams))])] }

  public static let description = RuleDescription(
    name: "WSquare", formula: "J(w²)ᵀ [R / stab(f(1; w², b²))]",
    summary: "by squared weights, whatever the input; first layers",
    parameters: [.stabilizer("stabilizer"), .zeroParams])

  public init(_ values: RuleArguments) throws {
    self.init(stabilizer: values.stabilizer("stabilizer"), zeroParams: values.zeroParams)
  }
  public var parameters: [RuleParameter] { [.init("stabilizer", .stabilizer(stabilizer)), .zeroParams(zeroParams)] }
}
