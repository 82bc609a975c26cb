/// Shares relevance in proportion to contributions, parameters untouched: `R_in = x · Jᵀ [R / stab(z)]`.
///
/// For layers without parameters, such as sums and average pools.
public struct Norm: TermRule, CataloguedRule {
  public var stabilizer: Stabilizer

  public init(stabilizer: Stabilizer = 1e-6) { self.stabilizer = stabilizer }

  public var groups: [TermGroup] { [TermGroup([Term(.identity, .untouched)])] }

  public static let description = RuleDescription(
    name: "Norm", formula: "x · Jᵀ [R / stab(z)]",
    summary: "shares in proportion to contributions; for sums and average pools",
    parameters: [.stabilizer("stabilizer")])

  public init(_ values: RuleArguments) throws { self.init(stabilizer: values.stabilizer("stabilizer")) }
  public var parameters: [RuleParameter] { [.init("stabilizer", .stabilizer(stabilizer))] }
}
