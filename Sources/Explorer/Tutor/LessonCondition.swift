import LRP

/// Something that has to hold in the explorer for a step of a lesson to be done.
package enum LessonCondition: Hashable, Sendable {
  /// One of these actions was done since the step before was.
  case action([String])
  /// A window is open.
  case window(LessonWindow)
  /// All these layers are marked.
  case marked(LayerSelection)
  /// All these layers have a rule (`nil`: none, the plain gradient) with these parameters.
  case rule(String?, LayerSelection, [ParameterTest])
  /// The composite is this preset, perhaps edited.
  case preset(String)
  /// The layer under the cursor: a name or a pattern.
  case selected(String)
  /// The pane that has the keyboard.
  case focus(ExplorerState.Pane)
  /// The class that is explained: by number or label, `top` for the most probable; `nil` is any but that.
  case target(String?)
  /// A second class is explained beside the first: by number or label, or any.
  case second(String?)
  /// The layer whose relevance is shown; `input`, or `nil` for any but the input.
  case shown(String?)
  /// The step view is open at one of these layers and has come that far.
  case steps(LayerSelection?, StepsState.Stage?)
  /// A heatmap is pinned as A.
  case pinned
  /// What is shown of A and B.
  case comparison(HeatmapPane.Comparison)
  /// Whether relevance, overlay or picture is shown.
  case content(HeatmapPane.Content)
  /// Which channels are shown: not their sum.
  case channels
  /// A sweep of this parameter has come to its end.
  case sweep(String)
  /// A canonizer is switched on, or off.
  case canonizer(String, isOn: Bool)
  /// The ledger has a flag of this kind, or none at all.
  case flag(LedgerFlag.Kind)
  case noFlag(LedgerFlag.Kind)
  /// The pixel-flipping curves are there, those of this mode and of blocks that are not larger.
  case curves(PixelFlipping.Mode, block: Int?)
  /// A file was written since the step before was done: composite, python, heatmap, ledger or curves.
  case saved(String)
  /// The heatmap is that of the composite and class shown.
  case explained
  /// Another input than the lesson's is shown.
  case otherInput

  /// What is still missing, in a few words; `nil` if it holds.
  package func missing(_ state: ExplorerState, _ tutor: TutorState) -> String? {
    switch self {
    case .action(let ids):
      return ids.contains { tutor.events.contains(.action($0)) } ? nil : Self.wanted(ids)
    case .saved(let noun):
      return tutor.events.contains(.saved(noun)) ? nil : "no \(noun) file is saved yet"
    case .window(let window): return window.isOpen(state) ? nil : "\(window.words) is not open"
    case .marked(let layers):
      return Self.count(layers, state, ("is marked", "are marked")) { state.layers.marks.contains($0) }
    case .rule(let name, let layers, let tests): return Self.missing(rule: name, layers, tests, state)
    case .preset(let name):
      return state.history.composite.title == name ? nil : "the preset is not \(name)"
    case .target(let name): return Self.missing(target: name, state)
    case .second(let name):
      guard let contrast = state.contrast else { return "no second class yet" }
      guard Self.isClass(name, contrast.target, state) else { return "the second class is not \(name ?? "")" }
      return contrast.pair != nil && !contrast.isRunning ? nil : "the second class is being explained"
    case .explained: return state.isExplained ? nil : Self.notReady
    case .otherInput:
      guard let input = state.model?.opened.sample.entry.name else { return "no input yet" }
      return input != tutor.firstInput && state.openingInput == nil ? nil : "still the same picture"
    default: return missingInView(state)
    }
  }

  /// Of no interest while something else is missing.
  static let notReady = "the heatmap is not ready"

  private func missingInView(_ state: ExplorerState) -> String? {
    switch self {
    case .shown(let name): return Self.missing(shown: name, state)
    case .selected(let name):
      let row = state.selectedRow
      let isThere = row.map { Glob.matches(name, $0.name) || Glob.matches(name, $0.path) } ?? false
      return isThere ? nil : "the cursor is at \(row?.name ?? "no layer"), not at \(name)"
    case .focus(let pane): return state.focus == pane ? nil : "you are not in the pane \(pane.title) (\(pane.rawValue))"
    case .steps(let layers, let stage): return Self.missing(steps: layers, stage, state)
    case .pinned: return state.heatmap.pinned != nil ? nil : "nothing is pinned as A"
    case .comparison(let comparison):
      let isCompared = state.heatmap.pinned != nil || state.contrast != nil
      return isCompared && state.heatmap.comparison == comparison ? nil : "\(comparison.words) is not shown"
    case .content(let content): return state.heatmap.content == content ? nil : "\(content.words) is not shown"
    case .channels: return state.heatmap.channels == .sum ? "the sum of all channels is shown" : nil
    case .sweep(let parameter):
      guard let sweep = state.sweep, sweep.parameter == parameter else { return "no sweep of \(parameter) yet" }
      return sweep.isFinished ? nil : "\(sweep.results.count) of \(sweep.values.count) values are done"
    case .canonizer(let name, let isOn):
      let found = state.history.composite.canonizers.contains { $0.name == name }
      return found == isOn ? nil : "\(name) is \(found ? "on" : "off")"
    case .flag(let kind):
      return state.isExplained && state.flags.contains { $0.kind == kind } ? nil : "no flag about \(kind.words)"
    case .noFlag(let kind):
      let count = state.flags.count { $0.kind == kind }
      return state.isExplained && count == 0 ? nil : "still \(NumberText.plural(count, "flag")) about \(kind.words)"
    case .curves(let mode, let block):
      guard state.flipping.status == .finished else { return "the curves are not finished" }
      let settings = state.flipping.settings
      guard settings.mode == mode else { return "these are the curves of \(settings.mode.rawValue)" }
      return settings.blockSide <= block ?? .max ? nil : "the blocks are larger than \(block ?? 0) pixels"
    default: return nil
    }
  }

  // MARK: - Parts

  /// The first of the actions, with its key.
  private static func wanted(_ ids: [String]) -> String {
    guard let action = ids.lazy.compactMap({ ActionTable.action($0) }).first else { return "not done yet" }
    return "\(action.keyText) not pressed yet"
  }

  /// `1 of 3 layers (Linear) have Gamma`.
  private static func count(
    _ layers: LayerSelection, _ state: ExplorerState, _ words: (one: String, more: String), _ holds: (String) -> Bool
  ) -> String? {
    guard let model = state.model else { return "no model is open" }
    let paths = layers.paths(model)
    guard !paths.isEmpty else { return "this model has no layers \(layers.words)" }
    let done = paths.count(where: holds)
    if done == paths.count { return nil }
    let verb = paths.count == 1 ? words.one : words.more
    return "\(done) of \(NumberText.plural(paths.count, "layer")) (\(layers.words)) \(verb)"
  }

  private static func missing(
    rule name: String?, _ layers: LayerSelection, _ tests: [ParameterTest], _ state: ExplorerState
  ) -> String? {
    let rule = name.map { $0 + tests.map { ", " + $0.words }.joined() } ?? "no rule"
    return count(layers, state, ("has " + rule, "have " + rule)) { path in
      guard let name else { return state.history.composite.rules[path] == nil }
      guard let rule = state.history.composite.rules[path]?.rule, rule.name == name else { return false }
      return tests.allSatisfy { $0.holds(rule) }
    }
  }

  private static func isClass(_ name: String?, _ index: Int, _ state: ExplorerState) -> Bool {
    guard let name else { return true }
    return Int(name) == index || state.model?.label(ofClass: index).lowercased() == name.lowercased()
  }

  private static func missing(target name: String?, _ state: ExplorerState) -> String? {
    guard let index = state.targetClass else { return "the classes are not known yet" }
    guard let name else {
      return index == state.classes.entries.first?.index ? "still the most probable class" : nil
    }
    if name == "top" {
      return index == state.classes.entries.first?.index ? nil : "not the most probable class"
    }
    return isClass(name, index, state) ? nil : "the class explained is not \(name)"
  }

  private static func missing(shown name: String?, _ state: ExplorerState) -> String? {
    guard let name else { return state.heatmap.node == 0 ? "the input is shown" : nil }
    if name == "input" { return state.heatmap.node == 0 ? nil : "the input is not shown" }
    let shown = state.model?.row(state.heatmap.node).map { [$0.name, $0.path] } ?? []
    return shown.contains(name) ? nil : "\(name) is not shown"
  }

  private static func missing(
    steps layers: LayerSelection?, _ stage: StepsState.Stage?, _ state: ExplorerState
  ) -> String? {
    guard state.popup is StepsPane, let steps = state.steps else { return "the step view is not open" }
    if let layers, let model = state.model {
      let path = model.row(steps.node)?.path ?? ""
      if !layers.paths(model).contains(path) { return "the step view is at \(path), not at \(layers.words)" }
    }
    guard !steps.isWaiting, steps.steps != nil else { return "the numbers are being computed" }
    guard let stage, steps.stage.rawValue < stage.rawValue else { return nil }
    return "step \(steps.stage.rawValue) of 4 is shown"
  }
}

/// A parameter of a rule, compared with a number or with the names of parameters that are left out.
package struct ParameterTest: Hashable, Sendable {
  package enum Comparison: String, Hashable, Sendable {
    case equal = ""
    case atMost = "≤ "
    case atLeast = "≥ "
  }

  package var name: String
  package var comparison: Comparison
  package var value: Double

  package init(name: String, comparison: Comparison, value: Double) {
    self.name = name
    self.comparison = comparison
    self.value = value
  }

  package var words: String { "\(name) \(comparison.rawValue)\(ParameterValue.short(value))" }

  func holds(_ rule: any Rule) -> Bool {
    let found: Double? =
      switch rule.parameters.first(where: { $0.name == name })?.value {
      case .number(let number): number
      case .stabilizer(let stabilizer): stabilizer.epsilon
      default: nil
      }
    guard let found else { return false }
    let tolerance = 1e-9 * abs(value)
    switch comparison {
    case .equal: return abs(found - value) <= tolerance
    case .atMost: return found <= value + tolerance
    case .atLeast: return found >= value - tolerance
    }
  }
}

/// Windows that a lesson can ask for.
package enum LessonWindow: String, Hashable, Sendable, CaseIterable {
  case rules, presets, canonizers, target, second, methods, models, steps, sweep, curves, palette, help, save, edits,
    marks

  var words: String {
    switch self {
    case .rules: "the list of rules"
    case .presets: "the list of presets"
    case .canonizers: "the list of canonizers"
    case .target, .second: "the list of classes"
    case .methods: "the list of methods"
    case .models: "the list of models"
    case .steps: "the step view"
    case .sweep: "the sweep"
    case .curves: "the window of the curves"
    case .palette: "the list of commands"
    case .help: "the help"
    case .save: "the question for a file"
    case .edits: "the list of edits"
    case .marks: "the question for a pattern"
    }
  }

  func isOpen(_ state: ExplorerState) -> Bool {
    switch self {
    case .rules: state.popup is RulePicker
    case .presets: state.popup is PresetPicker
    case .canonizers: state.popup is CanonizerPicker
    case .target: (state.popup as? TargetPicker)?.isSecond == false
    case .second: (state.popup as? TargetPicker)?.isSecond == true
    case .methods: state.popup is AttributorPicker
    case .models: state.popup is ModelsPane
    case .steps: state.popup is StepsPane
    case .sweep: state.popup is SweepPane
    case .curves: state.popup is FlippingPane
    case .palette: state.popup is CommandPalette
    case .help: state.popup is HelpScreen
    case .save: state.popup is PathPrompt
    case .edits: state.popup is EditList
    case .marks: state.popup is MarkPrompt
    }
  }
}

extension ExplorerState {
  /// Whether what is shown is what was asked for.
  var isExplained: Bool { attribution.status == .finished && !attribution.isStale && preview == nil }
}

extension HeatmapPane.Comparison {
  /// As written in lessons.
  static let names: [(name: String, value: Self)] = [
    ("all", .all), ("A", .first), ("B", .second), ("difference", .difference),
  ]
  var words: String {
    switch self {
    case .all: "both and their difference"
    case .first: "the first alone"
    case .second: "the second alone"
    case .difference: "the difference alone"
    }
  }
}

extension HeatmapPane.Content {
  /// As written in lessons.
  static let names: [(name: String, value: Self)] = [
    ("relevance", .relevance), ("overlay", .overlay), ("picture", .picture),
  ]
  var words: String {
    switch self {
    case .relevance: "the heatmap"
    case .overlay: "the overlay"
    case .picture: "the picture"
    }
  }
}
