/// In proportion to contributions, parameters untouched: `R_in = x · Jᵀ [R / stab(z)]`.
///
/// For layers without parameters, such as sums and average pools.
public struct Norm: ShareRule, CataloguedRule {
  public var stabilizer: Stabilizer = 1e-6

  public var shares: [Share] { [Share(of: Term(.identity, .untouched))] }

  package static let entry = CatalogEntry<Norm>(
    "Norm", formula: "x · Jᵀ [R / stab(z)]",
    summary: "shares in proportion to contributions; for sums and average pools",
    parameters: [.stabilizer(\.stabilizer)])

  public init() {}
  public init(stabilizer: Stabilizer = 1e-6) { self.stabilizer = stabilizer }
}
