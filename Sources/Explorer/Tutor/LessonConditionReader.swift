import LRP
import NeuralNetwork
import YAMLFiles

/// Reads the conditions of a step: mappings whose first key says what is asked for, `- rule: Epsilon`.
struct LessonConditionReader {
  let reader: LessonReader
  private var source: YAMLSource { reader.source }

  private typealias Form = (name: String, others: [String])

  /// What a condition begins with, and which keys may follow.
  private static let forms: [Form] = [
    ("action", []), ("window", []), ("marked", []), ("rule", ["layers"]), ("preset", []), ("selected", []),
    ("focus", []), ("target", []),
    ("second", []), ("shown", []), ("steps", ["layers"]), ("pinned", []), ("compared", []), ("content", []),
    ("channels", []), ("sweep", []), ("canonizer", ["is"]), ("flag", []), ("no_flag", []), ("curves", ["block"]),
    ("saved", []), ("explained", []), ("other_input", []),
  ]

  func condition(_ node: YAMLNode) throws -> LessonCondition {
    let names = Self.forms.map(\.name)
    let fields = try source.fields(node, of: "a condition (\(names.joined(separator: ", ")))")
    guard let first = fields.first(where: { names.contains($0.name) }) ?? fields.first else {
      throw source.error(node, "nothing found, a condition (\(names.joined(separator: ", "))) expected")
    }
    guard let form = Self.forms.first(where: { $0.name == first.name }) else {
      throw source.error(
        first.key,
        "the condition '\(source.shown(first.name))' found, one of \(names.joined(separator: ", ")) expected"
          + source.suggestion(for: first.name, among: names))
    }
    return try condition(form, first.value, node)
  }

  private func condition(_ form: Form, _ value: YAMLNode, _ node: YAMLNode) throws -> LessonCondition {
    if form.name == "rule" { return try rule(value, node) }
    let fields = try reader.fields(node, [form.name] + form.others, of: "a condition")
    switch form.name {
    case "action":
      return .action(try words(value, "an action").map { try reader.choice($0, "an action", among: Self.actions) })
    case "window":
      let name = try reader.choice(value, "a window", among: LessonWindow.allCases.map(\.rawValue))
      return .window(LessonWindow(rawValue: name) ?? .help)
    case "marked": return .marked(try layers(value))
    case "preset": return .preset(try reader.choice(value, "a preset", among: Preset.all.map(\.name) + ["gradient"]))
    case "selected": return .selected(try reader.line(value, "a layer: a name or a pattern"))
    case "focus":
      return .focus(try named(value, "a pane", ExplorerState.Pane.allCases.map { ($0.title.lowercased(), $0) }))
    case "target": return .target(try orAny("other", value, "a class"))
    case "second": return .second(try orAny("any", value, "a class"))
    case "shown": return .shown(try orAny("layer", value, "input, layer or a layer's name"))
    case "steps": return try steps(value, fields["layers"])
    case "compared": return .comparison(try named(value, "what is shown", HeatmapPane.Comparison.names))
    case "content": return .content(try named(value, "what is shown", HeatmapPane.Content.names))
    case "sweep": return .sweep(try reader.line(value, "a parameter"))
    case "curves":
      let mode: PixelFlipping.Mode = try named(value, "a mode", PixelFlipping.Mode.allCases.map { ($0.rawValue, $0) })
      return .curves(mode, block: try fields["block"].map { try source.integer($0, "a side in pixels") })
    case "canonizer": return try canonizer(value, fields["is"], node)
    case "flag": return .flag(try flag(value))
    case "no_flag": return .noFlag(try flag(value))
    case "saved":
      return .saved(
        try reader.choice(value, "a file", among: ["composite", "python", "heatmap", "ledger", "curves"]))
    default: return try flagged(form.name, value)
    }
  }

  /// Conditions that are written `pinned: true`.
  private func flagged(_ name: String, _ value: YAMLNode) throws -> LessonCondition {
    guard try source.flag(value, name) else {
      throw source.error(value, "\(source.found(value)), '\(name): true' expected")
    }
    switch name {
    case "pinned": return .pinned
    case "channels": return .channels
    case "explained": return .explained
    default: return .otherInput
    }
  }

  // MARK: - Parts

  private static let actions = ActionTable.all.map(\.id)

  private func layers(_ node: YAMLNode) throws -> LayerSelection {
    LayerSelection(try words(node, "layers").map { try reader.line($0, "layers: a name, a pattern or a type") })
  }

  /// A word, or a list of them.
  private func words(_ node: YAMLNode, _ what: String) throws -> [YAMLNode] {
    guard case .sequence = node else { return [node] }
    let nodes = try source.list(node, of: what)
    guard (1...20).contains(nodes.count) else {
      throw source.error(node, "\(nodes.count) words found, 1 to 20 expected (\(what))")
    }
    return nodes
  }

  private func orAny(_ any: String, _ node: YAMLNode, _ what: String) throws -> String? {
    let text = try reader.line(node, "\(what), or \(any)")
    return text == any ? nil : text
  }

  private func named<Value>(_ node: YAMLNode, _ what: String, _ values: [(name: String, value: Value)]) throws -> Value
  {
    let name = try reader.choice(node, what, among: values.map(\.name))
    guard let value = values.first(where: { $0.name == name })?.value else {
      throw source.error(node, "\(source.found(node)), \(what) expected")
    }
    return value
  }

  private func flag(_ node: YAMLNode) throws -> LedgerFlag.Kind {
    try named(node, "a flag", LedgerFlag.Kind.allCases.map { ($0.rawValue, $0) })
  }

  private func steps(_ node: YAMLNode, _ layers: YAMLNode?) throws -> LessonCondition {
    let stages: [(String, StepsState.Stage?)] = [
      ("open", nil), ("forward", .forward), ("divide", .divide), ("backward", .backward), ("multiply", .multiply),
    ]
    return .steps(try layers.map(self.layers), try named(node, "how far the steps are", stages))
  }

  private func canonizer(_ node: YAMLNode, _ state: YAMLNode?, _ parent: YAMLNode) throws -> LessonCondition {
    let name = try reader.choice(node, "a canonizer", among: CanonizerCatalog.all.map(\.name))
    guard let state else { throw source.error(parent, "no 'is' found, 'is: off' (or on) expected") }
    return .canonizer(name, isOn: try reader.choice(state, "on or off", among: ["on", "off"]) == "on")
  }

  /// `{rule: Epsilon, layers: Linear, epsilon: "<= 1e-6"}`; `none` is the plain gradient.
  private func rule(_ node: YAMLNode, _ parent: YAMLNode) throws -> LessonCondition {
    let names = RuleCatalog.descriptions.map(\.name) + ["none"]
    let name = try reader.choice(node, "a rule", among: names)
    let parameters = (RuleCatalog.description(of: name)?.parameters ?? []).filter { parameter in
      switch parameter.kind {
      case .number, .count, .stabilizer: true
      case .bound, .keys: false
      }
    }.map(\.name)
    let fields = try reader.fields(parent, ["rule", "layers"] + parameters, of: "a condition")
    guard let chosen = fields["layers"] else {
      throw source.error(parent, "no 'layers' found, 'layers: Linear' or names expected")
    }
    let tests = try parameters.compactMap { key in try fields[key].map { try test(key, $0) } }
    return .rule(name == "none" ? nil : name, try layers(chosen), tests)
  }

  /// A number, or `"<= 1e-6"`, `">= 2"`.
  private func test(_ name: String, _ node: YAMLNode) throws -> ParameterTest {
    if source.isNumber(node) {
      return ParameterTest(name: name, comparison: .equal, value: try source.number(node, "a number"))
    }
    let text = try reader.line(node, "a number, or \"<= 1e-6\"")
    let signs: [(String, ParameterTest.Comparison)] = [("<=", .atMost), (">=", .atLeast)]
    guard let (sign, comparison) = signs.first(where: { text.hasPrefix($0.0) }),
      let value = YAMLFiles.NumberText.value(String(text.dropFirst(sign.count).drop { $0 == " " }))
    else { throw source.error(node, "\(source.found(node)), a number, \"<= 1e-6\" or \">= 2\" expected") }
    return ParameterTest(name: name, comparison: comparison, value: value)
  }
}
