import LRP
import NeuralNetwork
import TerminalUI

/// The choice of a rule for the marked layers, with its parameters edited in place and the heatmap following live.
package struct RulePicker: ModalPane {
  /// Modules the rule is for.
  package let paths: [String]
  package private(set) var form: ChoiceForm
  /// By choice; `nil` for the plain gradient.
  private let rules: [RuleDescription?]
  /// What the preview shows.
  private var shown: Shown
  /// Whether the first change has been made: without one there is nothing to restore.
  private var hasPreview = false

  /// A rule, or that there is none, as a value to compare.
  private struct Shown: Hashable, Sendable {
    let rule: (any Rule)?
    init(_ rule: (any Rule)?) { self.rule = rule }

    static func == (left: Self, right: Self) -> Bool {
      left.rule.map { AnyHashable($0) } == right.rule.map { AnyHashable($0) }
    }
    func hash(into hasher: inout Hasher) { hasher.combine(rule.map { AnyHashable($0) }) }
  }

  /// - Returns: `nil` if there is no rule that all the layers can take.
  package init?(_ state: ExplorerState) {
    guard let model = state.model else { return nil }
    let paths = state.editedPaths
    self.paths = paths
    let current = paths.first.flatMap { state.history.composite.rules[$0]?.rule }
    let offers = RuleCatalog.descriptions.compactMap { description -> (RuleDescription, ChoiceForm.Choice)? in
      let values = Self.startValues(description, current: current, model)
      guard Self.isOffered(description, for: paths, model), let rule = try? RuleCatalog.make(description.name, values),
        paths.allSatisfy({ model.objection(to: rule, path: $0) == nil })
      else { return nil }
      return (description, Self.choice(description, values))
    }
    guard !offers.isEmpty else { return nil }
    rules = offers.map(\.0) + [nil]
    let none = ChoiceForm.Choice(
      name: "gradient", formula: "Jᵀ R", summary: "no rule: the plain gradient of this layer", note: "no rule",
      isWarning: true)
    form = ChoiceForm(
      offers.map(\.1) + [none], selected: rules.firstIndex { $0?.name == current?.name } ?? 0, over: state)
    // Marked layers may differ, so choosing the first one's rule is a change too.
    let agree = Set(paths.map { Shown(state.history.composite.rules[$0]?.rule) }).count == 1
    shown = agree ? Shown(current) : Shown(nil)
  }

  /// A rule with its parameters as they are offered; stabilizers at their default are not worth a word in the list.
  private static func choice(_ rule: RuleDescription, _ values: [String: ParameterValue]) -> ChoiceForm.Choice {
    let parameters = rule.parameters.map { parameter in
      ChoiceForm.Parameter(
        name: parameter.name, expectation: parameter.expectation, placeholder: parameter.kind == .keys ? "none" : "",
        step: parameter.kind == .stabilizer ? .tenfold : .doubling)
    }
    let quiet = rule.parameters.filter { $0.name == "stabilizer" }.map { ($0.name, $0.defaultValue?.description ?? "") }
    return ChoiceForm.Choice(
      name: rule.name, formula: rule.formula, summary: rule.summary, parameters: parameters,
      fields: rule.parameters.map { TextField(values[$0.name].map(ParameterText.text) ?? "") },
      quiet: Dictionary(quiet) { first, _ in first })
  }

  /// The reference lets rules for ReLUs be put on anything; nobody looks for them elsewhere than on activations.
  private static func isOffered(_ description: RuleDescription, for paths: [String], _ model: ModelState) -> Bool {
    guard let layers = description.layers else { return true }
    return paths.allSatisfy { path in model.rows(ofPath: path).allSatisfy { layers.contains($0.kind) } }
  }

  /// The parameters a rule is offered with: those it has, else the defaults, else the model's pixel bounds.
  private static func startValues(
    _ description: RuleDescription, current: (any Rule)?, _ model: ModelState
  ) -> [String: ParameterValue] {
    var values: [String: ParameterValue] = [:]
    for parameter in description.parameters { values[parameter.name] = parameter.defaultValue }
    if description.parameters.contains(where: { $0.name == "low" }) {
      values["low"] = model.opened.low.map { .bound($0) }
      values["high"] = model.opened.high.map { .bound($0) }
    }
    if let current, current.name == description.name {
      for parameter in current.parameters { values[parameter.name] = parameter.value }
    }
    return values
  }

  package var hints: [KeyHints.Hint] { form.hints(choosing: "assign") }
  package var choices: [ChoiceForm.Choice] { form.choices }
  package var choice: ChoiceForm.Choice { form.choice }
  package var problem: String? { form.problem }
  package func frame(_ state: ExplorerState) -> Rect? { form.frame(in: state.screen) }

  // MARK: - Update

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch form.handle(input, in: state.screen) {
    case .cancelled: cancel(&state)
    case .chosen: assign(&state)
    case .stays: .stay(preview(&state))
    }
  }

  /// The rule as chosen and typed, checked on every layer it is for.
  private func rule(_ state: ExplorerState) throws(ParameterText.Problem) -> (any Rule)? {
    guard let description = rules[form.index] else { return nil }
    var values: [String: ParameterValue] = [:]
    for (parameter, field) in zip(description.parameters, choice.fields) {
      values[parameter.name] = try ParameterText.read(field.text, for: parameter)
    }
    let rule: any Rule
    do {
      rule = try RuleCatalog.make(description.name, values)
    } catch {
      throw ParameterText.Problem(description: "\(error)")
    }
    for path in paths {
      if let objection = state.model?.objection(to: rule, path: path) {
        throw ParameterText.Problem(description: "\(path): \(objection)")
      }
    }
    return rule
  }

  /// Lets the heatmap follow what is chosen now.
  private mutating func preview(_ state: inout ExplorerState) -> [ExplorerCommand] {
    do {
      let rule = try rule(state)
      form.problem = nil
      guard Shown(rule) != shown else { return [] }
      shown = Shown(rule)
      hasPreview = true
      state.preview = state.composite(with: rule, for: paths)
      return state.requestAttribution()
    } catch {
      form.problem = error.description
      return []
    }
  }

  private mutating func assign(_ state: inout ExplorerState) -> ModalResult {
    do {
      let rule = try rule(state)
      let isRunning = hasPreview && Shown(rule) == shown
      let label = "\(rule?.shortText ?? "gradient") → \(state.description(of: paths))"
      return .close(state.commit(state.composite(with: rule, for: paths), label: label, isRunning: isRunning))
    } catch {
      form.problem = error.description
      return .stay([.beep])
    }
  }

  private func cancel(_ state: inout ExplorerState) -> ModalResult {
    state.preview = nil
    return .close(hasPreview ? state.requestAttribution() : [])
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    form.draw("Rule for \(state.description(of: paths))", hints: hints, into: &buffer, in: screen)
  }
}
