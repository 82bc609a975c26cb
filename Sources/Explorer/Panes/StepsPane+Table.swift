import LRP
import TerminalUI

extension StepsPane {
  /// A column with what it shows and from which step on.
  private struct Field {
    var column: Table.Column
    var stage: StepsState.Stage
    /// The least width of the table for it.
    var minimumWidth = 0
    var cell: (Int) -> StyledText
  }

  /// The inputs, sorted, with what has been computed so far.
  func drawTable(_ steps: UnitSteps, _ shown: StepsState, into buffer: inout CellBuffer, in place: Rect) {
    let theme = Theme.explorer
    let fields = fields(steps, shown, width: place.width).filter { place.width >= $0.minimumWidth }
    var state = list
    state.reveal(count: shown.listed.count, visible: Table.visibleRows(in: place))
    let columns = fields.map { field in
      var column = field.column
      if field.stage.rawValue > shown.stage.rawValue { column.title = "" }
      return column
    }
    Table(columns: columns, rowCount: shown.listed.count, state: state, showsMarks: false, theme: theme) { row in
      let index = shown.listed[row]
      return Table.Row(
        fields.map { $0.stage.rawValue <= shown.stage.rawValue ? $0.cell(index) : StyledText("·", theme.dimmed) })
    }.draw(into: &buffer, in: place)
    // The column that the present step computes stands out.
    let places = place.inset(right: shown.listed.count > place.height - 1 ? 1 : 0).split(
      .horizontal, columns.map(\.width), gap: 1)
    for (field, part) in zip(fields, places) where field.stage == shown.stage {
      buffer.restyle(part.row(0)) { $0.merged(under: theme.accent) }
    }
  }

  private func fields(_ steps: UnitSteps, _ shown: StepsState, width: Int) -> [Field] {
    let theme = Theme.explorer
    let number = Constraint.fixed(width < 90 ? 9 : 10)
    func field(
      _ title: String, _ stage: StepsState.Stage, from minimumWidth: Int = 0, _ cell: @escaping (Int) -> StyledText
    ) -> Field {
      Field(
        column: .init(title, width: number, alignment: .trailing), stage: stage, minimumWidth: minimumWidth, cell: cell)
    }
    // What is not zero of an input.
    func active(_ index: Int) -> [(UnitSteps.Group, UnitSteps.Pass)] {
      steps.shownGroups.flatMap { group in
        steps.activePasses(index, of: group).filter { $0.contribution(index) != 0 }.map { (group, $0) }
      }
    }
    let places = placeTitle(steps)
    var fields = [
      Field(
        column: .init("input " + places, width: .fixed(places.count + 7), alignment: .leading), stage: .given
      ) { index in
        StyledText(self.placeText(steps, index), theme.text)
      },
      field("a", .given) { StepsFormula.signed(steps.activations[$0]) },
      field("w", .given) { StepsFormula.signed(steps.weights[$0]) },
    ]
    let passes = steps.shownGroups.flatMap(\.passes)
    let isModified = passes.contains { $0.term.input != .identity || $0.term.parameters.change != .none }
    // Rules that split inputs by sign have one term for each input, zᴮ has two.
    let isManifold = steps.sources.indices.contains { active($0).count > 1 }
    let isWide = isManifold && width >= 100
    if isModified {
      var term = field("term", .forward, from: 70) { index in Self.terms(active(index), fits: isWide) }
      let widest = passes.map { StepsFormula.product($0.term).displayWidth }.max() ?? 0
      term.column.width = .fixed(isWide ? 2 * widest + 3 : max(7, widest + 1))
      fields.append(term)
    }
    for group in steps.shownGroups {
      let title = steps.shownGroups.count > 1 ? "in " + StepsFormula.sumSymbol(group, of: steps) : nil
      fields.append(
        field(title ?? (isModified ? "product" : "a·w"), .forward) {
          StepsFormula.signed(steps.contribution($0, in: group))
        })
    }
    var backward = field("c", .backward, from: 66) { index in
      let shown = active(index)
      if shown.isEmpty { return StyledText("0", theme.dimmed) }
      if shown.count > 1, !isWide { return StyledText("\(shown.count) terms", theme.dimmed) }
      return shown.dropFirst().reduce(StepsFormula.signed(steps.backward(shown[0].0, shown[0].1, index))) {
        $0 + StyledText("  ") + StepsFormula.signed(steps.backward($1.0, $1.1, index))
      }
    }
    if isWide { backward.column.width = .fixed(19) }
    fields.append(backward)
    fields.append(field("R_i", .multiply) { StepsFormula.signed(steps.handedOn[$0]) })
    let used = fields.reduce(0) { sum, field in
      guard width >= field.minimumWidth, case .fixed(let columns) = field.column.width else { return sum }
      return sum + columns + 1
    }
    let room = width - used - 1
    if room >= 5 {
      let values: (Int) -> Double =
        shown.stage == .multiply ? { steps.handedOn[$0] } : { steps.contribution($0) }
      let top = shown.listed.reduce(0.0) { max($0, abs(values($1))) }
      fields.append(
        Field(column: .init("", width: .fill), stage: .forward) { index in
          let value = values(index)
          return StyledText(
            Bar.text(top > 0 ? abs(value) / top : 0, width: min(room, 40)), value < 0 ? theme.negative : theme.positive)
        })
    }
    return fields
  }

  /// `a·w − l·w⁺`, or how many there are.
  private static func terms(_ active: [(UnitSteps.Group, UnitSteps.Pass)], fits: Bool) -> StyledText {
    guard !active.isEmpty, active.count == 1 || fits else {
      return StyledText(active.isEmpty ? "0" : "\(active.count) terms", Theme.explorer.dimmed)
    }
    return active.reduce(StyledText()) { text, next in
      let isNegative = next.1.term.sign < 0
      let sign = text.isEmpty ? (isNegative ? "−" : "") : isNegative ? " − " : " + "
      return text + StyledText(sign) + StepsFormula.product(next.1.term)
    }
  }

  private func placeTitle(_ steps: UnitSteps) -> String {
    let many = steps.inputExtents.count > 1 ? "no," : ""
    switch steps.inputExtents.first?.count ?? 1 {
    case 1: return many
    case 3: return many + "c,row,col"
    default: return many + "place"
    }
  }

  /// `17,4,5`.
  private func placeText(_ steps: UnitSteps, _ index: Int) -> String {
    let source = steps.sources[index]
    let numbers = (steps.inputExtents.count > 1 ? [source.slot] : []) + steps.place(of: source)
    return numbers.map(String.init).joined(separator: ",")
  }
}
