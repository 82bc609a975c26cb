/// LRP-♭: relevance is spread evenly over the receptive field, `R_in = J(1)ᵀ [R / stab(f(1; 1, 0))]`
/// (Lapuschkin et al. 2019). Works on layers without parameters too.
public struct Flat: TermRule, CataloguedRule {
  public var stabilizer: Stabilizer
  public var zeroParams: Set<ParameterKey>

  public init(stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) {
    self.stabilizer = stabilizer
    self.zeroParams = zeroParams
  }

  public var groups: [TermGroup] {
    [TermGroup([Term(.ones, ParameterModifier(.ones, zero: zeroParams.union([.bias])))])]
  }

  public static let description = RuleDescription(
    name: "Flat", formula: "J(1)ᵀ [R / stab(f(1; 1, 0))]", summary: "spreads evenly; first layers, coarse view",
    parameters: [.stabilizer("stabilizer"), .zeroParams])

  public init(_ values: RuleArguments) throws {
    self.init(stabilizer: values.stabilizer("stabilizer"), zeroParams: values.zeroParams)
  }
  public var parameters: [RuleParameter] { [.init("stabilizer", .stabilizer(stabilizer)), .zeroParams(zeroParams)] }
}
