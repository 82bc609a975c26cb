import LRP
import Testing

struct RuleCatalogTests {
  private static func message(_ name: String, _ parameters: [String: ParameterValue]) -> String? {
    #expect(throws: LRPError.self) { _ = try RuleCatalog.make(name, parameters) }.map { "\($0)" }
  }

  @Test("every rule can be made with its defaults, and written parameters make the same rule again")
  func roundTrip() throws {
    for description in RuleCatalog.descriptions {
      var given: [String: ParameterValue] = [:]
      for parameter in description.parameters where parameter.defaultValue == nil { given[parameter.name] = .number(1) }
      let rule = try RuleCatalog.make(description.name, given)
      #expect(rule.name == description.name)
      #expect(rule.parameters.map(\.name) == description.parameters.map(\.name))
      let written = Dictionary(uniqueKeysWithValues: rule.parameters.map { ($0.name, $0.value) })
      let again = try RuleCatalog.make(description.name, written)
      #expect(AnyHashable(again) == AnyHashable(rule) && again.summary == rule.summary)
      if given.isEmpty { #expect(rule.summary == description.name) }
    }
  }

  @Test("rules differ by their parameters")
  func equality() throws {
    #expect(try Gamma(gamma: 0.25) == Gamma())
    #expect(try Gamma(gamma: 0.5) != Gamma())
    #expect(AnyHashable(Epsilon()) != AnyHashable(Norm()))
    #expect(Epsilon(zeroParams: [.bias]) != Epsilon())
    #expect(ZBox(low: -1, high: 1) != ZBox(low: -1, high: 2))
  }

  @Test("rules of one's own differ by whatever they store, named or not, and by their type")
  func equalityOfOwnRules() {
    struct Boosted: ShareRule {
      let gamma: Double
      var stabilizer: Stabilizer = 1e-6
      var name: String { "Boosted" }
      var shares: [Share] { [Share(positive: 1 + gamma, negative: 1)] }
    }
    struct AnotherBoosted: ShareRule {
      let gamma: Double
      var stabilizer: Stabilizer = 1e-6
      var name: String { "Boosted" }
      var shares: [Share] { [Share(positive: 1, negative: 1 + gamma)] }
    }
    func key(_ rule: any Rule) -> AnyHashable { AnyHashable(rule) }
    #expect(key(Boosted(gamma: 1)) == key(Boosted(gamma: 1)))
    #expect(key(Boosted(gamma: 1)) != key(Boosted(gamma: 2)))
    #expect(key(Boosted(gamma: 1)) != key(Boosted(gamma: 1, stabilizer: 1e-3)))
    #expect(key(Boosted(gamma: 1)) != key(AnotherBoosted(gamma: 1)))
  }

  @Test("initialisers refuse what files may not say")
  func initialisers() {
    #expect(throws: LRPError.self) { _ = try Gamma(gamma: -1) }
    #expect(throws: LRPError.self) { _ = try Gamma(gamma: .infinity) }
    #expect(throws: LRPError.self) { _ = try AlphaBeta(alpha: 3, beta: 1) }
    #expect(throws: LRPError.self) { _ = try ReLUBetaSmooth(betaSmooth: -1) }
    #expect(throws: LRPError.self) { _ = try SumSingle(summand: -1) }
  }

  @Test("rules know whether zennit has them")
  func python() {
    #expect(RuleCatalog.descriptions.filter { !$0.isInZennit }.map(\.name) == ["SumSingle"])
    #expect(ZPlus().python == "ZPlus" && SumSingle().python == nil)
  }

  @Test("errors name the rule, the parameter, what was found and what is expected")
  func errors() {
    #expect(Self.message("Gama", [:]) == "no rule 'Gama'; did you mean 'Gamma'? ('lrp rules' lists them)")
    #expect(
      Self.message("Gamma", ["gama": .number(1)])
        == "Gamma has no parameter 'gama'; it has gamma, stabilizer, zero_params")
    #expect(Self.message("Pass", ["gamma": .number(1)]) == "Pass has no parameter 'gamma'; it has none")
    #expect(Self.message("ZBox", ["low": .number(1)]) == "ZBox needs the parameter 'high'")
    #expect(
      Self.message("Gamma", ["gamma": .number(-1)]) == "Gamma: gamma: -1 found, a number of at least 0 expected")
    #expect(Self.message("Gamma", ["gamma": .number(.nan)])?.hasPrefix("Gamma: gamma: nan found") == true)
    #expect(
      Self.message("Epsilon", ["epsilon": .stabilizer(Stabilizer(-1))])?.hasPrefix("Epsilon: epsilon: -1") == true)
    #expect(Self.message("Epsilon", ["zero_params": .number(1)])?.contains("a list of weight, bias expected") == true)
    #expect(Self.message("ZBox", ["low": .bound([]), "high": .number(1)])?.contains("low") == true)
  }

  @Test("alpha and beta differ by one and are not negative")
  func alphaBeta() {
    #expect(
      Self.message("AlphaBeta", ["alpha": .number(3)])
        == "AlphaBeta: alpha: alpha − beta is 2.0, it must be 1; set beta to alpha − 1")
    #expect(throws: LRPError.self) { _ = try AlphaBeta(alpha: 0.5, beta: -0.5) }
    #expect(throws: Never.self) { _ = try AlphaBeta(alpha: 1, beta: 0) }
  }

  @Test("numbers read as they were written")
  func numbers() {
    #expect(ParameterValue.short(0.25) == "0.25" && ParameterValue.short(1e-6) == "1e-6")
    #expect(ParameterValue.short(-0.0) == "-0", "as in files")
    #expect(ParameterValue.short(2) == "2" && ParameterValue.short(-1e20) == "-1e+20")
    #expect(
      "\(ParameterValue.stabilizer(Stabilizer(0.5, clip: true, normScale: true, dim: [1])))"
        == "{epsilon: 0.5, clip: true, norm_scale: true, dim: [1]}")
  }
}
