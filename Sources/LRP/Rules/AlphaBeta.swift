/// LRP-αβ (Bach et al. 2015, eq. 60): positive contributions weigh α, negative ones β, with α − β = 1,
///
///     R_in = α (x⁺ J(w⁺)ᵀ s⁺ + x⁻ J(w⁻)ᵀ s⁺) − β (x⁺ J(w⁻)ᵀ s⁻ + x⁻ J(w⁺)ᵀ s⁻)
///
/// where `s⁺` is `R / stab(P)` and `s⁻` is `R / stab(N)`.
public struct AlphaBeta: ShareRule, CataloguedRule {
  public internal(set) var alpha = 2.0
  public internal(set) var beta = 1.0
  public var stabilizer: Stabilizer = 1e-6
  public var zeroParams: Set<ParameterKey> = []

  public var shares: [Share] {
    [Share(alpha, positive: 1, negative: 0), Share(-beta, positive: 0, negative: 1)].filter { $0.coefficient != 0 }
  }

  package static let entry = CatalogEntry<AlphaBeta>(
    "AlphaBeta", formula: "α · (positive share) − β · (negative share)",
    summary: "evidence for and against, weighed apart; α − β = 1",
    parameters: [
      .number("alpha", \.alpha, atLeast: 0), .number("beta", \.beta, atLeast: 0), .stabilizer(\.stabilizer),
      .zeroParams(\.zeroParams),
    ])

  package var inconsistency: (parameter: String, problem: String)? {
    abs(alpha - beta - 1) < 1e-12
      ? nil : ("alpha", "alpha − beta is \(alpha - beta), it must be 1; set beta to alpha − 1")
  }

  public init() {}
  /// - Throws: ``LRPError/parameter(rule:name:problem:)`` unless both are non-negative and α − β = 1.
  public init(
    alpha: Double = 2, beta: Double = 1, stabilizer: Stabilizer = 1e-6, zeroParams: Set<ParameterKey> = []
  ) throws {
    (self.alpha, self.beta, self.stabilizer, self.zeroParams) = (alpha, beta, stabilizer, zeroParams)
    self = try checked()
  }
}
