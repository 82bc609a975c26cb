/// LRP-♭ (Lapuschkin et al. 2019): relevance is spread evenly over the receptive field,
///
///     R_in = J(1)ᵀ [R / stab(f(1; 1, 0))]
///
/// Works on layers without parameters too.
public struct Flat: ShareRule, CataloguedRule {
  public var stabilizer: Stabilizer = 1e-6
  public var zeroParams: Set<ParameterKey> = []

  public var shares: [Share] { [Share(of: Term(.ones, ParameterModifier(.ones, zero: [.bias])))] }

  package static let entry = CatalogEntry<Flat>(
    "Flat", formula: "J(1)ᵀ [R / stab(f(1; 1, 0))]", summary: "spreads evenly; first layers, coarse view",
    parameters: [.stabilizer(\.stabilizer), .zeroParams(\.zeroParams)])

  public init() {}
  public init(stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []) {
    (self.stabilizer, self.zeroParams) = (stabilizer, zeroParams)
  }
}
