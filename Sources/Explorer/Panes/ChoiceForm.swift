import LRP
import TerminalUI

/// A list of things to choose from, each with parameters that are edited in place: what the pickers of rules and of
/// attributors are made of.
package struct ChoiceForm: Sendable {
  package struct Parameter: Sendable {
    package var name: String
    /// What is expected, in words.
    package var expectation: String
    /// Shown while nothing is typed.
    package var placeholder = ""
    package var step: Step?
  }

  /// What Shift-↑ and Shift-↓ do to a number.
  package enum Step: Sendable { case doubling, tenfold, wholeDoubling }

  package struct Choice: Sendable {
    package var name: String
    package var formula: String
    package var summary: String
    /// What the list says about the values; `nil` lists the parameters.
    package var note: String?
    package var isWarning = false
    package var parameters: [Parameter] = []
    package var fields: [TextField] = []
    /// Parameters that the list does not name while they have this text.
    package var quiet: [String: String] = [:]

    var values: String {
      note
        ?? zip(parameters, fields).filter { !$1.isEmpty && quiet[$0.name] != $1.text }
        .map { "\($0.name) \($1.text)" }.joined(separator: "  ")
    }
  }

  package private(set) var choices: [Choice]
  package private(set) var list: ListState
  /// The parameter being edited; `nil` while the list has the keys.
  package private(set) var field: Int?
  /// What is wrong with what was typed.
  package var problem: String?
  private let over: Rect

  /// - Parameter state: the window lies over its layers, so that the heatmap stays in sight.
  package init(_ choices: [Choice], selected: Int, over state: ExplorerState) {
    self.choices = choices
    list = ListState(selected: selected)
    let layout = state.layout
    over = layout.layers.isEmpty ? Rect(width: state.width, height: state.height).inset(1) : layout.layers
  }

  package var index: Int { min(list.selected, choices.count - 1) }
  package var choice: Choice { choices[index] }

  package func hints(choosing verb: String) -> [KeyHints.Hint] {
    [.init("↵", verb), field == nil ? .init("Tab", "parameters") : .init("Tab", "next"), .init("Esc", "restore")]
  }

  // MARK: - Update

  package mutating func handle(_ input: ModalInput, in screen: Rect) -> SearchableList.Answer {
    switch input {
    case .key(.escape): return .cancelled
    case .key(.enter): return .chosen
    case .key(let key): press(key)
    case .paste(let text):
      if let field { choices[index].fields[field].insert(text) }
    case .mouse(let event):
      let place = frame(in: screen)
      if event.kind == .press(.left), !place.contains(x: event.x, y: event.y) { return .cancelled }
      click(event, in: parts(in: screen))
    }
    return .stays
  }

  private mutating func press(_ key: Key) {
    let fieldCount = choice.fields.count
    guard let current = field else {
      if key == .tab || key == .right || key == .character("l"), fieldCount > 0 {
        field = 0
      } else if case .character(let character) = key, fieldCount > 0, character.isNumber || character == "." {
        // Typing a number goes to the first parameter at once.
        field = 0
        choices[index].fields[0].set(String(character))
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
    default: _ = choices[index].fields[current].handle(key)
    }
  }

  private mutating func step(_ place: Int, up: Bool) {
    guard let step = choice.parameters[place].step, let number = Double(choice.fields[place].text.trimmed),
      number.isFinite
    else { return }
    let factor = step == .tenfold ? 10.0 : 2.0
    let start = number == 0 ? (step == .tenfold ? 1e-7 : 0.125) : number
    let value = Self.rounded(up ? start * factor : start / factor)
    let text = step == .wholeDoubling ? String(Int(max(1, min(value, 1e6)))) : ParameterValue.short(value)
    choices[index].fields[place].set(text)
  }

  /// Without the last digits that dividing by ten leaves behind.
  private static func rounded(_ number: Double) -> Double {
    guard number != 0 else { return 0 }
    var unit = 1.0
    while abs(number) * unit < 1e6, unit < 1e30 { unit *= 10 }
    return (number * unit).rounded() / unit
  }

  private mutating func click(_ event: MouseEvent, in parts: Parts) {
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
    if let place = field, place >= choice.fields.count { field = nil }
  }

  // MARK: - View

  private struct Parts {
    var list: Rect
    var formula: Rect
    var fields: Rect
    /// What is wrong, what is expected, or what the choice is for.
    var message: Rect
  }

  private var fieldRows: Int { max(1, choices.map(\.fields.count).max() ?? 1) }
  /// What there is to say has two lines, or three where they are short.
  private var messageRows: Int { over.width < 60 ? 3 : 2 }
  /// Formula, parameters, message, keys.
  private var rowsBelow: Int { 1 + fieldRows + messageRows + 1 }

  package func frame(in screen: Rect) -> Rect {
    Rect(
      x: over.x + 1, y: over.y + 1, width: min(over.width - 2, PickerShape.widest),
      height: min(screen.height - over.y - 3, choices.count + rowsBelow + 2))
  }

  private func parts(in screen: Rect) -> Parts {
    let inside = Frame.interior(of: frame(in: screen)).inset(left: 1, right: 1)
    // Where not all choices have room, those that are seen are worth more than empty rows below them.
    let isTight = inside.height < choices.count + rowsBelow
    let (fields, message) = isTight ? (max(1, choice.fields.count), problem == nil ? 1 : 2) : (fieldRows, messageRows)
    let listRows = max(1, min(choices.count, inside.height - 2 - fields - message))
    let rows = inside.split(.vertical, [.fixed(listRows), .fixed(1), .fixed(fields), .fixed(message)])
    return Parts(list: rows[0], formula: rows[1], fields: rows[2], message: rows[3])
  }

  package func draw(_ title: String, hints: [KeyHints.Hint], into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    let frame = frame(in: screen)
    let parts = parts(in: screen)
    buffer.fill(frame)
    Frame(title: StyledText(title), isFocused: true, theme: theme).draw(into: &buffer, in: frame)
    drawList(into: &buffer, in: parts.list)
    buffer.draw(choice.formula, in: parts.formula, style: theme.accent)
    drawFields(into: &buffer, in: parts.fields)
    if let problem {
      Paragraph(problem, style: theme.error).draw(into: &buffer, in: parts.message)
    } else {
      let text = field.flatMap { $0 < choice.parameters.count ? choice.parameters[$0].expectation : nil }
      Paragraph(text ?? choice.summary, style: theme.dimmed).draw(into: &buffer, in: parts.message)
    }
    let inside = Frame.interior(of: frame).inset(left: 1, right: 1)
    KeyHints(hints, theme: theme).draw(into: &buffer, in: inside.row(inside.height - 1))
  }

  private func drawList(into buffer: inout CellBuffer, in rect: Rect) {
    let theme = Theme.explorer
    var state = list
    state.reveal(count: choices.count, visible: rect.height)
    let choices = choices
    // The formula has its own column where there is room; that of the selected one stands below the list anyway.
    let name = (choices.map(\.name.displayWidth).max() ?? 0) + 2
    let longest = choices.map(\.formula.displayWidth).max() ?? 0
    let hasFormula = rect.width >= 60 && longest <= 44
    let formula = min(longest + 1, max(28, rect.width - name - 20))
    Table(
      columns: [.init(width: .fixed(name)), .init(width: hasFormula ? .fixed(formula) : .fill)]
        + (hasFormula ? [.init()] : []),
      rowCount: choices.count, state: state, isFocused: field == nil,
      showsHeader: false, showsMarks: false, theme: theme
    ) { index in
      let choice = choices[index]
      let name = StyledText(choice.name, choice.isWarning ? theme.warning : .plain)
      let style = theme.dimmed
      return Table.Row([
        name, StyledText(hasFormula ? choice.formula : choice.values, style), StyledText(choice.values, style),
      ])
    }.draw(into: &buffer, in: rect)
  }

  private func drawFields(into buffer: inout CellBuffer, in rect: Rect) {
    let theme = Theme.explorer
    for (index, parameter) in choice.parameters.enumerated() {
      let parts = rect.row(index).split(.horizontal, [.fixed(12), .fill], gap: 1)
      buffer.draw(parameter.name, in: parts[0], style: index == field ? theme.accent : theme.text)
      choice.fields[index].draw(
        into: &buffer, in: parts[1], isFocused: index == field, placeholder: parameter.placeholder, theme: theme)
    }
    if choice.parameters.isEmpty { buffer.draw("no parameters", in: rect.row(0), style: theme.dimmed) }
  }
}
