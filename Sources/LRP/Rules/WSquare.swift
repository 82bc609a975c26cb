/// LRP-w² (Montavon et al. 2017, eq. 22): by squared weights, whatever the input is,
///
///     R_in = J(w²)ᵀ [R / stab(f(1; w², b²))]
public struct WSquare: ShareRule, CataloguedRule {
  public var stabilizer: Stabilizer = 1e-6
  public var zeroParams: Set<ParameterKey> = []

  public var shares: [Share] { [Share(of: Term(.ones, ParameterModifier(.squared)))] }

  package static let entry = CatalogEntry<WSquare>(
    "WSquare", formula: "J(w²)ᵀ [R / stab(f(1; w², b²))]",
    summary: "by squared weights, whatever the input; first layers",
    parameters: [.stabilizer(\.stabilizer), .zeroParams(\.zeroParams)])

  public init() {}
  public init(stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) {
    (self.stabilizer, self.zeroParams) = (stabilizer, zeroParams)
  }
}
