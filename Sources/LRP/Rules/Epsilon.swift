/// LRP-ε (Bach et al. 2015, eq. 58): every contribution counts as it is, `z = P + N`,
///
///     R_in = x · Jᵀ [R / stab(z)]
public struct Epsilon: ShareRule, CataloguedRule {
  public var epsilon: Stabilizer = 1e-6
  public var zeroParams: Set<ParameterKey> = []

  public var shares: [Share] { [Share(positive: 1, negative: 1)] }
  public var stabilizer: Stabilizer { epsilon }

  package static let entry = CatalogEntry<Epsilon>(
    "Epsilon", formula: "x · Jᵀ [R / stab(z)]",
    summary: "absorbs weak and contradictory contributions; ε = 0 is LRP-0",
    parameters: [.stabilizer(\.epsilon, named: "epsilon"), .zeroParams(\.zeroParams)])

  public init() {}
  public init(epsilon: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) {
    (self.epsilon, self.zeroParams) = (epsilon, zeroParams)
  }
}
