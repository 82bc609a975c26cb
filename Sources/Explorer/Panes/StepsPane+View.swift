import LRP
import TerminalUI

extension StepsPane {
  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    guard let shown = state.steps, let row = state.model?.row(shown.node) else { return }
    let layout = StepsLayout(state)
    let rule = state.composite.rules[row.path]?.rule
    buffer.fill(layout.frame)
    Frame(
      title: StyledText("Four steps · \(row.name) · \(row.summary) · \(rule?.shortText ?? "gradient")"),
      detail: StyledText(shown.isWaiting ? "computing…" : "", theme.accent), isFocused: true, theme: theme
    ).draw(into: &buffer, in: layout.frame)
    KeyHints(hints, theme: theme).draw(into: &buffer, in: layout.hints)
    if let problem = shown.problem {
      Paragraph(problem, style: theme.warning).draw(into: &buffer, in: layout.heading)
      return
    }
    guard let steps = shown.steps else {
      buffer.draw("computing the numbers…", in: layout.heading, style: theme.dimmed)
      return
    }
    drawHeading(steps, shown, into: &buffer, in: layout.heading)
    let index = shown.listed.indices.contains(list.selected) ? shown.listed[list.selected] : nil
    drawSteps(steps, shown, selected: index, into: &buffer, in: layout.steps)
    drawTable(steps, shown, into: &buffer, in: layout.table)
    StepsPicture.draw(steps, state, selected: index, into: &buffer, in: layout.picture)
  }

  // MARK: - Heading

  private func drawHeading(
    _ steps: UnitSteps, _ shown: StepsState, into buffer: inout CellBuffer, in place: Rect
  ) {
    let theme = Theme.explorer
    var unit = StyledText("output ", theme.dimmed) + StyledText(StepsFormula.place(steps.unit), Style(bold: true))
    let output = StyledText("   output z = ", theme.dimmed) + StepsFormula.signed(steps.activation)
    if let rank = shown.rank {
      let texts =
        rank == 0 ? ["strongest of the layer", "strongest"] : ["no. \(rank + 1) by relevance", "no. \(rank + 1)"]
      let room = place.width - unit.displayWidth - 2 - output.displayWidth
      if let text = texts.first(where: { $0.displayWidth <= room }) { unit.append("  " + text, theme.dimmed) }
    }
    buffer.draw(unit + output, in: place.row(0))
    var line = StyledText("R_j ", StepsFormula.relevance) + StepsFormula.signed(steps.relevance)
    guard shown.stage == .multiply else {
      line.append("  arrives here and is to be shared out among ", theme.dimmed)
      line.append(NumberText.plural(steps.sources.count, "input"), theme.text)
      if steps.paddedCount > 0 { line.append(" (\(steps.paddedCount) more are padding)", theme.dimmed) }
      buffer.draw(line, in: place.row(1))
      return
    }
    let parts: [(String, Double, Color)] = [
      ("Σ R_i", steps.incoming, Theme.keptColor), ("bias", steps.bias, Theme.biasColor),
      ("stabilizer", steps.stabilizer, Theme.stabilizerColor), ("other", steps.other, Theme.otherColor),
    ]
    for (index, (name, value, color)) in parts.enumerated() {
      line.append(index == 0 ? " = " : " + ", theme.dimmed)
      line.append(name + " ", Style(foreground: color))
      line = line + StepsFormula.signed(abs(value) < 1e-9 * abs(steps.relevance) ? 0 : value)
    }
    buffer.draw(line, in: place.row(1))
  }

  // MARK: - The four steps

  private func drawSteps(
    _ steps: UnitSteps, _ shown: StepsState, selected: Int?, into buffer: inout CellBuffer, in place: Rect
  ) {
    let groups = steps.shownGroups
    var y = 0
    for stage in StepsState.Stage.allCases.dropFirst() {
      for group in groups {
        let line = place.row(y)
        y += 1
        guard !line.isEmpty else { return }
        drawStep(stage, group, steps, shown, selected: selected, into: &buffer, in: line)
      }
    }
  }

  private func drawStep(
    _ stage: StepsState.Stage, _ group: UnitSteps.Group, _ steps: UnitSteps, _ shown: StepsState, selected: Int?,
    into buffer: inout CellBuffer, in line: Rect
  ) {
    let theme = Theme.explorer
    let isDone = stage.rawValue <= shown.stage.rawValue
    let isPresent = stage == shown.stage
    if isPresent { buffer.fill(line, with: Cell(glyph: .space, style: theme.inactiveSelection)) }
    let base = isPresent ? theme.inactiveSelection.with(bold: true) : .plain
    let names = ["", "forward", "divide", "backward", "multiply"]
    // As wide as the longest formula, if that leaves room for the numbers.
    let longest =
      StepsState.Stage.allCases.flatMap { stage in
        steps.shownGroups.map { StepsLine.formula(stage, $0, steps, selected: selected).displayWidth }
      }.max() ?? 0
    let widestNumbers = shown.stage == .given ? 4 : 34
    let room = min(longest + 3, max(24, line.width - 11 - widestNumbers))
    let parts = line.split(.horizontal, [.fixed(11), .fixed(room), .fill], gap: 1)
    let label = StyledText("\(stage.rawValue) ", theme.accent) + StyledText(names[stage.rawValue])
    buffer.draw(label, in: parts[0], base: isDone ? base : base.merged(under: theme.dimmed))
    var formula = StepsLine.formula(stage, group, steps, selected: selected)
    if !isDone { formula = StyledText(formula.text, theme.dimmed) }
    buffer.draw(formula, in: parts[1], base: base)
    let numbers = isDone ? StepsLine.numbers(stage, group, steps, selected: selected) : StyledText("…", theme.dimmed)
    buffer.draw(numbers, in: parts[2], base: base)
  }
}

/// A step as a line: the formula on the left, the same with numbers on the right.
enum StepsLine {
  static func formula(
    _ stage: StepsState.Stage, _ group: UnitSteps.Group, _ steps: UnitSteps, selected: Int?
  ) -> StyledText {
    let z = StepsFormula.sumSymbol(group, of: steps)
    let s = StepsFormula.quotientSymbol(group, of: steps)
    let pass = selected.flatMap { steps.activePasses($0, of: group).first } ?? group.passes.first
    switch stage {
    case .given: return ""
    case .forward: return StyledText(z, StepsFormula.sum) + StyledText(" = ") + StepsFormula.forward(group)
    case .divide:
      let quotient =
        StyledText(s, StepsFormula.quotient) + StyledText(" = ") + StyledText("R_j", StepsFormula.relevance)
      if steps.rule == nil { return quotient + StyledText("   (a gradient divides by nothing)", Theme.explorer.dimmed) }
      return quotient + StyledText(" / ") + StyledText(StepsFormula.stabilized(z, steps.rule), StepsFormula.sum)
    case .backward:
      guard let pass else { return "" }
      return StyledText("c_i", StepsFormula.backward) + StyledText(" = " + StepsFormula.coefficient(group, pass))
        + StyledText(StepsFormula.weightSymbol(pass.term), StepsFormula.weight) + StyledText("·")
        + StyledText(s, StepsFormula.quotient)
    case .multiply:
      guard let pass else { return "" }
      let symbol = steps.rule == nil ? "1" : StepsFormula.inputSymbol(pass.term)
      var text = StyledText("R_i", StepsFormula.relevance) + StyledText(" = ")
      if symbol != "1" { text = text + StyledText(symbol, StepsFormula.input) + StyledText("·") }
      text = text + StyledText("c_i", StepsFormula.backward)
      if let selected, steps.activePasses(selected, of: group).count > 1 { text.append(" + …", Theme.explorer.dimmed) }
      return text
    }
  }

  static func numbers(
    _ stage: StepsState.Stage, _ group: UnitSteps.Group, _ steps: UnitSteps, selected: Int?
  ) -> StyledText {
    let active = selected.map { steps.activePasses($0, of: group) } ?? []
    switch stage {
    case .given: return ""
    case .forward:
      let bias = group.passes.reduce(0) { $0 + Double($1.term.sign) * $1.bias }
      if bias == 0 { return StyledText(NumberText.fixed(group.z, decimals: 4), StepsFormula.sum) }
      var text = StyledText(NumberText.fixed(group.z - bias, decimals: 4))
      text = text + StyledText(bias < 0 ? " − " : " + ")
      text = text + StyledText(NumberText.fixed(abs(bias), decimals: 4), StepsFormula.weight)
      return text + StyledText(" = ") + StyledText(NumberText.fixed(group.z, decimals: 4), StepsFormula.sum)
    case .divide:
      var text = StyledText(NumberText.fixed(steps.relevance, decimals: 4), StepsFormula.relevance)
      if !group.isOpen {
        return text + StyledText(" does not pass: the output has the other sign", Theme.explorer.warning)
      }
      if steps.rule != nil {
        text = text + StyledText(" / ") + StepsFormula.factor(group.denominator, StepsFormula.sum)
      }
      return text + StyledText(" = ") + StyledText(NumberText.fixed(group.s, decimals: 4), StepsFormula.quotient)
    case .backward:
      guard let selected, let pass = active.first else { return "" }
      return StyledText(StepsFormula.coefficient(group, pass))
        + StepsFormula.factor(pass.weights[selected], StepsFormula.weight) + StyledText("·")
        + StepsFormula.factor(group.s, StepsFormula.quotient) + StyledText(" = ")
        + StyledText(NumberText.fixed(steps.backward(group, pass, selected), decimals: 4), StepsFormula.backward)
    case .multiply:
      guard let selected else { return "" }
      var text = StyledText()
      var total = 0.0
      for pass in active {
        let c = steps.backward(group, pass, selected)
        let factor = steps.rule == nil ? 1 : pass.inputs[selected]
        total += factor * c
        if !text.isEmpty { text = text + StyledText(" + ") }
        text =
          text + StepsFormula.factor(factor, StepsFormula.input) + StyledText("·")
          + StepsFormula.factor(c, StepsFormula.backward)
      }
      return text + StyledText(" = ") + StepsFormula.signed(total)
    }
  }
}
