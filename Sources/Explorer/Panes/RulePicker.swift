import LRP
import NeuralNetwork
import TerminalUI

/// The choice of a rule for the marked layers, with its parameters edited in place and the heatmap following live.
package struct RulePicker: ModalPane {
  /// Something that can be chosen: a rule, or none.
  package struct Choice: Sendable {
    /// `nil` for the plain gradient.
    package var rule: RuleDescription?
    package var fields: [TextField]

    package var name: String { rule?.name ?? "gradient" }
    package var parameters: [ParameterDescription] { rule?.parameters ?? [] }

    /// What there is to set, without stabilizers at their default and without empty lists.
    var values: String {
      if rule == nil { return "no rule" }
      return zip(parameters, fields).filter { parameter, field in
        !field.isEmpty && !(parameter.name == "stabilizer" && field.text == parameter.defaultValue?.description)
      }.map { "\($0.name) \($1.text)" }.joined(separator: "  ")
    }
  }

  /// Modules the rule is for.
  package let paths: [String]
  package private(set) var choices: [Choice]
  package private(set) var list: ListState
  /// The parameter being edited; `nil` while the list has the keys.
  package private(set) var field: Int?
  /// What is wrong with what was typed.
  package private(set) var problem: String?
  /// What the preview shows.
  private var shown: AnyHashableRule
  /// Whether the first change has been made: without one there is nothing to restore.
  private var hasPreview = false

  /// The rule's identity, or that there is none; `AnyHashable` itself cannot be sent.
  private struct AnyHashableRule: Hashable, Sendable {
    let name: String
    let parameters: [RuleParameter]
    init(_ rule: (any Rule)?) {
      name = rule?.name ?? ""
      parameters = rule?.parameters ?? []
    }
  }

  /// - Returns: `nil` if there is no rule that all the layers can take.
  package init?(_ state: ExplorerState) {
    guard let model = state.model else { return nil }
    let paths = state.editedPaths
    self.paths = paths
    let current = paths.first.flatMap { state.history.composite.rules[$0]?.rule }
    let choices = RuleCatalog.descriptions.compactMap { description -> Choice? in
      let values = Self.startValues(description, current: current, model)
      guard Self.isOffered(description, for: paths, model), let rule = try? RuleCatalog.make(description.name, values),
        paths.allSatisfy({ model.objection(to: rule, path: $0) == nil })
      else { return nil }
      let fields = description.parameters.map { parameter in
        TextField(values[parameter.name].map(ParameterText.text) ?? "")
      }
      return Choice(rule: description, fields: fields)
    }
    guard !choices.isEmpty else { return nil }
    self.choices = choices + [Choice(rule: nil, fields: [])]
    list = ListState(selected: self.choices.firstIndex { $0.rule?.name == current?.name } ?? 0)
    // Marked layers may differ, so choosing the first one's rule is a change too.
    let agree = Set(paths.map { AnyHashableRule(state.history.composite.rules[$0]?.rule) }).count == 1
    shown = agree ? AnyHashableRule(current) : AnyHashableRule(nil)
  }

  /// The reference lets rules for ReLUs be put on anything; nobody looks for them elsewhere than on activations.
  private static func isOffered(_ description: RuleDescription, for paths: [String], _ model: ModelState) -> Bool {
    guard description.name.hasPrefix("ReLU") else { return true }
    return paths.allSatisfy { path in
      model.rows(ofPath: path).allSatisfy { LayerType.activation.contains($0.kind) }
    }
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

  package var hints: [KeyHints.Hint] {
    [.init("↵", "assign"), field == nil ? .init("Tab", "parameters") : .init("Tab", "next"), .init("Esc", "restore")]
  }

  package var choice: Choice { choices[min(list.selected, choices.count - 1)] }

  // MARK: - Update

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch input {
    case .key(.escape): return cancel(&state)
    case .key(.enter): return assign(&state)
    case .key(let key): press(key)
    case .paste(let text):
      if let field { choices[list.selected].fields[field].insert(text) }
    case .mouse(let event):
      let place = Self.place(in: Rect(width: state.width, height: state.height), state)
      if event.kind == .press(.left), !place.contains(x: event.x, y: event.y) { return cancel(&state) }
      click(event, in: parts(of: place))
    }
    return .stay(preview(&state))
  }

  private mutating func press(_ key: Key) {
    let fieldCount = choice.fields.count
    guard let current = field else {
      if key == .tab || key == .right || key == .character("l"), fieldCount > 0 {
        field = 0
      } else if case .character(let character) = key, fieldCount > 0, character.isNumber || character == "." {
        // Typing a number goes to the first parameter at once.
        field = 0
        choices[list.selected].fields[0].set(String(character))
      } else {
        _ = list.handle(key, count: choices.count, visible: choices.count)
      }
      return
    }
    switch key {
    case .tab, .down: field = current + 1 < fieldCount ? current + 1 : key == .tab ? nil : current
    case .backTab, .up: field = current > 0 ? current - 1 : nil
    case .shiftUp, .pageUp: step(current, up: true)
    case .shiftDown, .pageDown: step(current, up: false)
    default: _ = choices[list.selected].fields[current].handle(key)
    }
  }

  /// Doubles or halves a number; a stabilizer changes tenfold.
  private mutating func step(_ index: Int, up: Bool) {
    let parameter = choice.parameters[index]
    let text = choice.fields[index].text
    guard let number = Double(text.trimmed), number.isFinite else { return }
    let factor = parameter.kind == .stabilizer ? 10.0 : 2.0
    let start = number == 0 ? (parameter.kind == .stabilizer ? 1e-7 : 0.125) : number
    choices[list.selected].fields[index].set(ParameterValue.short(Self.rounded(up ? start * factor : start / factor)))
  }

  /// Without the last digits that dividing by ten leaves behind.
  private static func rounded(_ number: Double) -> Double {
    guard number != 0 else { return 0 }
    var unit = 1.0
    while abs(number) * unit < 1e6, unit < 1e30 { unit *= 10 }
    return (number * unit).rounded() / unit
  }

  private mutating func click(_ event: MouseEvent, in parts: (list: Rect, fields: Rect)) {
    switch event.kind {
    case .press(.left):
      if parts.list.contains(x: event.x, y: event.y) {
        field = nil
        list.select(event.y - parts.list.y + list.offset, count: choices.count, visible: parts.list.height)
      } else if parts.fields.contains(x: event.x, y: event.y), event.y - parts.fields.y < choice.fields.count {
        field = event.y - parts.fields.y
      }
    case .wheelUp: list.move(by: -1, count: choices.count, visible: parts.list.height)
    case .wheelDown: list.move(by: 1, count: choices.count, visible: parts.list.height)
    default: break
    }
    if let index = field, index >= choice.fields.count { field = nil }
  }

  /// The rule as chosen and typed, checked on every layer it is for.
  private func rule(_ state: ExplorerState) throws(ParameterText.Problem) -> (any Rule)? {
    guard let description = choice.rule else { return nil }
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
      problem = nil
      guard AnyHashableRule(rule) != shown else { return [] }
      shown = AnyHashableRule(rule)
      hasPreview = true
      state.preview = state.composite(with: rule, for: paths)
      return state.requestAttribution()
    } catch {
      problem = error.description
      return []
    }
  }

  private mutating func assign(_ state: inout ExplorerState) -> ModalResult {
    do {
      let rule = try rule(state)
      let isRunning = hasPreview && AnyHashableRule(rule) == shown
      let label = "\(rule?.shortText ?? "gradient") → \(state.description(of: paths))"
      return .close(state.commit(state.composite(with: rule, for: paths), label: label, isRunning: isRunning))
    } catch {
      problem = error.description
      return .stay([.beep])
    }
  }

  private func cancel(_ state: inout ExplorerState) -> ModalResult {
    state.preview = nil
    return .close(hasPreview ? state.requestAttribution() : [])
  }

  // MARK: - View

  /// Over the layers, so that the heatmap stays in sight.
  private static func place(in screen: Rect, _ state: ExplorerState) -> Rect {
    let layout = state.layout
    let left = layout.layers.isEmpty ? screen.inset(1) : layout.layers
    let height = screen.height - 4
    return Rect(x: left.x + 1, y: 2, width: min(left.width - 2, 76), height: min(height, 24))
  }

  /// The rows of the list and those of the parameters.
  private func parts(of place: Rect) -> (list: Rect, fields: Rect) {
    let inside = Frame.interior(of: place).inset(left: 1, right: 1)
    // Formula, parameters (none has more than four), message in two lines, keys.
    let below = 2 + 4 + 2 + 1
    let rows = inside.split(
      .vertical, [.fixed(max(1, min(choices.count, inside.height - below))), .fixed(2), .fixed(4)])
    return (rows[0], rows[2])
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    let all = Self.place(in: screen, state)
    let (listRows, _) = parts(of: all)
    let place = Rect(x: all.x, y: all.y, width: all.width, height: min(all.height, listRows.height + 11))
    buffer.fill(place)
    let inside = Frame(
      title: StyledText("Rule for \(state.description(of: paths))"), isFocused: true, theme: theme
    ).draw(into: &buffer, in: place).inset(left: 1, right: 1)
    let (rows, fields) = parts(of: all)
    drawList(into: &buffer, in: rows)
    let detail = choice.rule.map { [$0.formula, $0.summary] } ?? ["Jᵀ R", "no rule: the plain gradient of this layer"]
    buffer.draw(detail[0], in: Rect(x: inside.x, y: rows.maxY, width: inside.width, height: 1), style: theme.accent)
    buffer.draw(
      detail[1], in: Rect(x: inside.x, y: rows.maxY + 1, width: inside.width, height: 1), style: theme.dimmed)
    drawFields(into: &buffer, in: fields)
    let message = Rect(x: inside.x, y: fields.maxY, width: inside.width, height: 2)
    if let problem {
      Paragraph(problem, style: theme.error).draw(into: &buffer, in: message)
    } else if let field, field < choice.parameters.count {
      Paragraph(choice.parameters[field].expectation, style: theme.dimmed).draw(into: &buffer, in: message)
    }
    KeyHints(hints, theme: theme).draw(into: &buffer, in: inside.row(inside.height - 1))
  }

  private func drawList(into buffer: inout CellBuffer, in rect: Rect) {
    let theme = Theme.explorer
    var state = list
    state.reveal(count: choices.count, visible: rect.height)
    let choices = choices
    // The formula has its own column where there is room; that of the selected rule stands below the list anyway.
    let hasFormula = rect.width >= 60
    Table(
      columns: [.init(width: .fixed(18)), .init(width: hasFormula ? .fixed(28) : .fill)]
        + (hasFormula ? [.init()] : []),
      rowCount: choices.count, state: state, isFocused: field == nil,
      showsHeader: false, showsMarks: false, theme: theme
    ) { index in
      let choice = choices[index]
      let name = StyledText(choice.name, choice.rule == nil ? theme.warning : .plain)
      let style = index == state.selected ? Style.plain : theme.dimmed
      return Table.Row([
        name, StyledText(hasFormula ? choice.rule?.formula ?? "Jᵀ R" : choice.values, style),
        StyledText(choice.values, style),
      ])
    }.draw(into: &buffer, in: rect)
  }

  private func drawFields(into buffer: inout CellBuffer, in rect: Rect) {
    let theme = Theme.explorer
    for (index, parameter) in choice.parameters.enumerated() {
      let parts = rect.row(index).split(.horizontal, [.fixed(12), .fill], gap: 1)
      buffer.draw(parameter.name, in: parts[0], style: index == field ? theme.accent : theme.text)
      choice.fields[index].draw(
        into: &buffer, in: parts[1], isFocused: index == field,
        placeholder: parameter.kind == .keys ? "none" : "", theme: theme)
    }
    if choice.parameters.isEmpty { buffer.draw("no parameters", in: rect.row(0), style: theme.dimmed) }
  }
}
