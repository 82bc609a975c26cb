import Heatmaps
import LRP

/// One parameter of the marked layers' rules tried at several values, one attribution after the other; one of them is
/// chosen, and its rules and ledger are shown.
package struct Sweep: Sendable {
  /// What one value gave.
  package struct Result: Sendable {
    /// The map in the heatmap pane.
    package var map: RelevanceMap
    package var account: Account
    /// The relevance that reached the input.
    package var sum: Double { account.outcome.inputSum ?? .nan }
  }

  /// An outcome as far as its ledger goes: relevance of all layers for all values would take too much memory.
  package struct Account: Sendable {
    let outcome: AttributionOutcome
    let flags: [LedgerFlag]

    init(_ outcome: AttributionOutcome, flags: [LedgerFlag]) {
      var outcome = outcome
      outcome.nodeRelevance = []
      outcome.inputMap = nil
      self.outcome = outcome
      self.flags = flags
    }
  }

  package let paths: [String]
  /// `gamma`, `epsilon`, …: the first parameter that is a number.
  package let parameter: String
  package let values: [Double]
  /// The rules of the layers for each value.
  private let rules: [[String: any Rule]]
  /// What the finished values gave, in order.
  package internal(set) var results: [Result] = []
  /// The place of the chosen value: at first the one that the layers have.
  package internal(set) var chosen = 0
  /// The place of the value that the layers had before, and its account.
  private let before: (index: Int, account: Account?)?
  /// Whether all heatmaps are on one scale; else each is on its own, since values of γ or ε can change relevance by
  /// orders of magnitude.
  package internal(set) var sharesScale = false
  /// The attribution that is being waited for.
  var request = 0

  package var isFinished: Bool { results.count == values.count }

  /// - Parameter fits: whether a module can take a rule; values that one of them cannot take are not tried.
  /// - Returns: `nil` if none of the rules has a number to change.
  /// - Parameter account: that of the composite as it is.
  init?(
    _ paths: [String], in composite: EditedComposite, account: Account? = nil, fits: (any Rule, String) -> Bool
  ) {
    let parameters = paths.compactMap { path -> (name: String, values: [Double])? in
      guard let rule = composite.rules[path]?.rule else { return nil }
      return rule.parameters.lazy.compactMap { parameter in
        Self.values(for: parameter, of: rule).map { (parameter.name, $0) }
      }.first
    }
    guard let first = parameters.first else { return nil }
    let swept = paths.filter { path in
      composite.rules[path]?.rule.parameters.contains { $0.name == first.name } == true
    }
    let steps = first.values.compactMap { value -> (value: Double, rules: [String: any Rule])? in
      var rules: [String: any Rule] = [:]
      for path in swept {
        guard let rule = composite.rules[path]?.rule, let changed = Self.changed(rule, first.name, to: value),
          fits(changed, path)
        else { return nil }
        rules[path] = changed
      }
      return (value, rules)
    }
    guard steps.count > 1 else { return nil }
    self.paths = swept
    parameter = first.name
    values = steps.map(\.value)
    rules = steps.map(\.rules)
    let present = self.paths.map { path in
      composite.rules[path]?.rule.parameters.first { $0.name == first.name }.flatMap { Self.number($0.value) }
    }
    before = values.firstIndex { value in present.allSatisfy { $0 == value } }.map { ($0, account) }
    chosen = before?.index ?? 0
  }

  private static func number(_ value: ParameterValue) -> Double? {
    switch value {
    case .number(let number): number
    case .stabilizer(let stabilizer): stabilizer.epsilon
    default: nil
    }
  }

  /// The account of the chosen value, `nil` while it is not there.
  var shownAccount: Account? {
    if chosen < results.count { return results[chosen].account }
    return before?.index == chosen ? before?.account : nil
  }

  private static func values(for parameter: RuleParameter, of rule: any Rule) -> [Double]? {
    let kind = RuleCatalog.description(of: rule.name)?.parameters.first { $0.name == parameter.name }?.kind
    switch (parameter.value, kind) {
    case (.number, .count(let least)): return (least..<least + 6).map(Double.init)
    // α and β depend on each other.
    case (.number, _) where parameter.name != "alpha" && parameter.name != "beta": return [0, 0.1, 0.25, 0.5, 1, 2]
    case (.stabilizer, _) where parameter.name == "epsilon": return [1e-6, 1e-3, 0.01, 0.1, 0.25, 1]
    default: return nil
    }
  }

  /// - Returns: `nil` if the rule cannot have the value.
  private static func changed(_ rule: any Rule, _ parameter: String, to value: Double) -> (any Rule)? {
    var parameters = Dictionary(rule.parameters.map { ($0.name, $0.value) }) { first, _ in first }
    if case .stabilizer(var stabilizer) = parameters[parameter] {
      stabilizer.epsilon = value
      parameters[parameter] = .stabilizer(stabilizer)
    } else {
      parameters[parameter] = .number(value)
    }
    return try? RuleCatalog.make(rule.name, parameters)
  }

  /// The composite with the parameter at one of the values.
  func composite(_ base: EditedComposite, at index: Int) -> EditedComposite {
    var composite = base
    for (path, rule) in rules[index] {
      composite.rules[path] = RuleMatch(rule: rule, reason: RuleMatch.editedReason)
    }
    return composite
  }

  /// `gamma 0.25`.
  package func label(_ index: Int) -> String { "\(parameter) \(ParameterValue.short(values[index]))" }
}

extension ExplorerState {
  var objectionToSweep: String? {
    if let problem = objectionToRulePicker { return problem }
    return newSweep(nil) == nil ? "no rule there has a number to change" : nil
  }

  private func newSweep(_ account: Sweep.Account?) -> Sweep? {
    guard let model else { return nil }
    return Sweep(editedPaths, in: history.composite, account: account) { rule, path in
      model.objection(to: rule, path: path) == nil
    }
  }

  mutating func startSweep() -> [ExplorerCommand] {
    let account = attribution.isStale ? nil : attribution.outcome.map { Sweep.Account($0, flags: flags) }
    guard let new = newSweep(account) else { return [] }
    sweep = new
    popup = SweepPane(new)
    return nextOfSweep()
  }

  /// Runs the next value, if there is one.
  private mutating func nextOfSweep() -> [ExplorerCommand] {
    guard let current = sweep, !current.isFinished else { return [] }
    preview = current.composite(history.composite, at: current.results.count)
    let commands = requestAttribution()
    sweep?.request = attribution.request
    choose(sweepValue: current.chosen)
    return commands
  }

  /// Shows the rules and the ledger of a value.
  mutating func choose(sweepValue index: Int) {
    guard let current = sweep, current.values.indices.contains(index) else { return }
    sweep?.chosen = index
    preview = current.composite(history.composite, at: index)
  }

  /// The outcome whose numbers are shown: in a sweep that of the chosen value, once it is there.
  package var shownOutcome: AttributionOutcome? {
    guard let sweep else { return attribution.outcome }
    return sweep.shownAccount?.outcome
  }

  /// What is remarkable about that outcome.
  package var shownFlags: [LedgerFlag] {
    guard let sweep else { return flags }
    return sweep.shownAccount?.flags ?? []
  }

  /// Takes a finished attribution into the sweep and goes on with the next value.
  mutating func continueSweep(_ request: Int, _ outcome: AttributionOutcome) -> [ExplorerCommand] {
    guard let current = sweep, current.request == request,
      let map = heatmap.maps.map(outcome, request: request, node: heatmap.node)?.map
    else { return [] }
    sweep?.results.append(Sweep.Result(map: map, account: Sweep.Account(outcome, flags: flags)))
    return nextOfSweep()
  }
}
