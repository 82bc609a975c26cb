import Heatmaps
import LRP

/// One parameter of the marked layers' rules tried at several values, one attribution after the other.
package struct Sweep: Sendable {
  package let paths: [String]
  /// `gamma`, `epsilon`, …: the first parameter that is a number.
  package let parameter: String
  package let values: [Double]
  /// What the finished values gave, in order: the map in the heatmap pane and the relevance that reached the input.
  package internal(set) var results: [(map: RelevanceMap, sum: Double)] = []
  /// Whether all heatmaps are on one scale; else each is on its own, since values of γ or ε can change relevance by
  /// orders of magnitude.
  package internal(set) var sharesScale = false
  /// The attribution that is being waited for.
  var request = 0

  package var isFinished: Bool { results.count == values.count }

  /// - Returns: `nil` if none of the rules has a number to change.
  init?(_ paths: [String], in composite: EditedComposite) {
    let parameters = paths.compactMap { path in
      composite.rules[path]?.rule.parameters.first { Self.values(for: $0) != nil }
    }
    guard let first = parameters.first, let values = Self.values(for: first) else { return nil }
    self.paths = paths.filter { path in
      composite.rules[path]?.rule.parameters.contains { $0.name == first.name } == true
    }
    parameter = first.name
    self.values = values
  }

  private static func values(for parameter: RuleParameter) -> [Double]? {
    switch parameter.value {
    // α and β depend on each other.
    case .number where parameter.name != "alpha" && parameter.name != "beta": [0, 0.1, 0.25, 0.5, 1, 2]
    case .stabilizer where parameter.name == "epsilon": [1e-6, 1e-3, 0.01, 0.1, 0.25, 1]
    default: nil
    }
  }

  /// The composite with the parameter at one of the values.
  func composite(_ base: EditedComposite, at index: Int) -> EditedComposite {
    var composite = base
    for path in paths {
      guard let rule = base.rules[path]?.rule else { continue }
      var parameters = Dictionary(rule.parameters.map { ($0.name, $0.value) }) { first, _ in first }
      if case .stabilizer(var stabilizer) = parameters[parameter] {
        stabilizer.epsilon = values[index]
        parameters[parameter] = .stabilizer(stabilizer)
      } else {
        parameters[parameter] = .number(values[index])
      }
      guard let changed = try? RuleCatalog.make(rule.name, parameters) else { continue }
      composite.rules[path] = RuleMatch(rule: changed, reason: RuleMatch.editedReason)
    }
    return composite
  }

  /// `gamma 0.25`.
  package func label(_ index: Int) -> String { "\(parameter) \(ParameterValue.short(values[index]))" }
}

extension ExplorerState {
  var objectionToSweep: String? {
    if let problem = objectionToRulePicker { return problem }
    return Sweep(editedPaths, in: history.composite) == nil ? "no rule there has a number to change" : nil
  }

  mutating func startSweep() -> [ExplorerCommand] {
    guard let new = Sweep(editedPaths, in: history.composite) else { return [] }
    sweep = new
    popup = SweepPane()
    return nextOfSweep()
  }

  /// Runs the next value, if there is one.
  private mutating func nextOfSweep() -> [ExplorerCommand] {
    guard let current = sweep, !current.isFinished else { return [] }
    preview = current.composite(history.composite, at: current.results.count)
    let commands = requestAttribution()
    sweep?.request = attribution.request
    return commands
  }

  /// Takes a finished attribution into the sweep and goes on with the next value.
  mutating func continueSweep(_ request: Int, _ outcome: AttributionOutcome) -> [ExplorerCommand] {
    guard let current = sweep, current.request == request,
      let map = heatmap.maps.map(outcome, request: request, node: heatmap.node)?.map
    else { return [] }
    sweep?.results.append((map, outcome.inputSum ?? .nan))
    return nextOfSweep()
  }
}
