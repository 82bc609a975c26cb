import LRP
import TerminalUI

/// Where relevance goes: the account of the selected layer in numbers, what is remarkable, and every layer as a bar.
enum LedgerPane {
  /// A bar of the chart.
  private struct Bar {
    var node: Int
    var balance: LayerBalance
  }

  static func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in place: Rect) {
    let theme = Theme.explorer
    let row = state.selectedRow
    let name = state.selectedName.map { " · \($0)" } ?? ""
    let problems = state.shownFlags.count
    let detail = problems > 0 ? StyledText(NumberText.plural(problems, "flag"), theme.warning) : StyledText()
    let inside = Frame(
      title: StyledText("Ledger\(name)"), detail: detail, isFocused: state.focus == .ledger,
      joinsAbove: state.layout.isStacked, theme: theme
    ).draw(into: &buffer, in: place).inset(left: 1, right: 1)
    guard let outcome = state.shownOutcome else {
      let what = state.sweep.map { "\($0.label($0.chosen)) has not been run yet" } ?? "No relevance yet"
      Paragraph("\(what): the account of every layer appears here.", style: theme.dimmed).draw(
        into: &buffer, in: inside)
      return
    }
    if outcome.attributor.kind != .gradient {
      Paragraph(absence(of: outcome.attributor), style: theme.dimmed).draw(into: &buffer, in: inside)
      return
    }
    let chart = chart(state, width: inside.width)
    // Beside a chart that needs half of the room.
    let used = max(chart.columns.count * chart.barWidth, legend.displayWidth) + 3
    let listsFlags = inside.width - used >= 40
    var lines = numbers(state.selectedBalance, row, state, width: inside.width)
    lines += flagLines(
      row?.index, state, isAlone: !listsFlags, width: inside.width, room: max(1, inside.height / 4))
    let shown = lines.prefix(max(1, inside.height - 2))
    for (index, line) in shown.enumerated() { buffer.draw(line, in: inside.row(index)) }
    let rest = inside.inset(top: shown.count)
    let hasLegend = rest.height > 5
    chart.draw(into: &buffer, in: rest.inset(bottom: hasLegend ? 1 : 0))
    if hasLegend { drawLegend(into: &buffer, in: rest.row(rest.height - 1)) }
    if listsFlags { drawFlags(state, into: &buffer, in: rest.inset(left: used)) }
  }

  /// What is remarkable anywhere, from the output on, as in the chart: as many as there is room for.
  private static func drawFlags(_ state: ExplorerState, into buffer: inout CellBuffer, in place: Rect) {
    let flags = state.shownFlags.sorted { ($0.severity, $0.node) > ($1.severity, $1.node) }
    guard !flags.isEmpty, !place.isEmpty else { return }
    let room = flags.count <= place.height ? place.height : place.height - 1
    for (row, flag) in flags.prefix(room).enumerated() {
      buffer.draw(line(flag, name: true, state), in: place.row(row))
    }
    guard flags.count > room else { return }
    buffer.draw("  and \(flags.count - room) more", in: place.row(room), style: Theme.explorer.dimmed)
  }

  /// Why there is no ledger.
  private static func absence(of attributor: AttributorSettings) -> String {
    let reason =
      switch attributor.kind {
      case .gradient: ""
      case .smoothgrad: "\(attributor.iterations) passes over noisy inputs are averaged"
      case .integratedGradients:
        "\(attributor.iterations) passes on the way to the input are averaged and multiplied with it"
      case .occlusion: "only outputs are compared, nothing is propagated"
      case .inputTimesGradient: "what arrives at the input is multiplied with it, which keeps no sum"
      }
    return
      "No ledger for \(attributor.kind.title): \(reason). M chooses \(AttributorSettings.Kind.gradient.title) again."
  }

  // MARK: - Numbers

  private static func numbers(
    _ balance: LayerBalance?, _ row: LayerRow?, _ state: ExplorerState, width: Int
  ) -> [StyledText] {
    let theme = Theme.explorer
    guard let balance else {
      if row?.index == 0, let sum = state.inputSum {
        return [StyledText("relevance of the input: Σ \(NumberText.fixed(sum, decimals: 4))")]
      }
      return [StyledText(row == nil ? "no layer is selected" : "no relevance reaches this layer", theme.dimmed)]
    }
    // What rounding leaves behind is no relevance.
    let negligible = 1e-6 * max(abs(balance.outgoing), abs(balance.incoming))
    func term(_ name: String, _ value: Double, _ color: Color, _ sign: String) -> StyledText {
      StyledText([
        .init(sign, theme.dimmed), .init(name + " ", Style(foreground: color)),
        .init(NumberText.fixed(abs(value) < negligible ? 0 : value, decimals: 4)),
      ])
    }
    let first = term("out", balance.outgoing, Theme.ground.text, "")
    let terms = [
      term("in", balance.incoming, Theme.keptColor, " = "), term("bias", balance.bias, Theme.biasColor, " + "),
      term("stab", balance.stabilizer, Theme.stabilizerColor, " + "),
      term("other", balance.other, Theme.otherColor, " + "),
    ]
    var lines = [terms.reduce(first, +)]
    if lines[0].displayWidth > width {
      let indent = StyledText(String(repeating: " ", count: first.displayWidth))
      lines = [first + terms[0] + terms[1], indent + terms[2] + terms[3]]
    }
    if state.layout.ledger.height > 8 || width > 90 {
      var signs = "positive \(NumberText.fixed(balance.positive, decimals: 4))  "
      signs += "negative \(NumberText.fixed(balance.negative, decimals: 4))"
      if let kept = balance.kept { signs += "  kept \(NumberText.percent(kept))" }
      lines.append(StyledText(signs, theme.dimmed))
    }
    if let compared = comparedLine(balance, state) { lines.append(compared) }
    return lines
  }

  /// The difference to the pinned ledger, or to that of the second class, in the same order.
  private static func comparedLine(_ balance: LayerBalance, _ state: ExplorerState) -> StyledText? {
    if let pair = state.contrast?.pair {
      let other = state.selectedBlock?.balance(pair.second) ?? pair.second.balance(ofNode: balance.node)
      return other.map { line("1−2", balance, $0) }
    }
    guard let pinned = state.heatmap.pinned, !pinned.isOutdated, let row = state.model?.row(balance.node),
      let number = pinned.nodes[row.name],
      let other = state.selectedBlock?.balance(pinned.outcome) ?? pinned.outcome.balance(ofNode: number)
    else { return nil }
    return line("B−A", balance, other)
  }

  private static func line(_ name: String, _ balance: LayerBalance, _ other: LayerBalance) -> StyledText {
    // What rounding leaves behind is no difference.
    let negligible = 1e-6 * max(abs(balance.outgoing), abs(other.outgoing))
    func difference(_ value: Double) -> String {
      let value = abs(value) < negligible ? 0 : value
      return (value < 0 ? "" : "+") + NumberText.fixed(value, decimals: 4)
    }
    let text =
      "\(name): out \(difference(balance.outgoing - other.outgoing))  in \(difference(balance.incoming - other.incoming))"
      + "  bias \(difference(balance.bias - other.bias))"
    return StyledText(text, Theme.explorer.dimmed)
  }

  /// What is remarkable about the selected layer; else, if no list of all flags is shown, the worst elsewhere.
  private static func flagLines(
    _ node: Int?, _ state: ExplorerState, isAlone: Bool, width: Int, room: Int
  ) -> [StyledText] {
    let block = state.selectedBlock
    let here = state.shownFlags.filter { block?.nodes.contains($0.node) ?? ($0.node == node) }
      .map { line($0, name: block != nil, state) }
    let worst = state.shownFlags.first { $0.severity == .problem }.map { [line($0, name: true, state)] } ?? []
    // Where there is room for one line only, it ends in an ellipsis.
    let lines = here.isEmpty && isAlone ? worst : here
    return room > 1 ? Array(lines.flatMap { $0.wrapped(to: width) }.prefix(room + 1)) : Array(lines.prefix(1))
  }

  private static func line(_ flag: LedgerFlag, name: Bool, _ state: ExplorerState) -> StyledText {
    let theme = Theme.explorer
    let sign = flag.severity == .problem ? "✗ " : "! "
    let place = name ? (state.model?.row(flag.node)?.name ?? "") + ": " : ""
    return StyledText(
      sign + place + flag.text, flag.severity == .problem ? theme.error : theme.warning.with(bold: false))
  }

  // MARK: - Chart

  /// The bars, from the output to the input: of the listed layers, as many as there is room for around the selected.
  private static func bars(_ state: ExplorerState, width: Int) -> [Bar] {
    guard let outcome = state.shownOutcome, let model = state.model else { return [] }
    let listed = Set(state.layers.visible)
    let all = outcome.ledger.reversed().compactMap { balance -> Bar? in
      guard let row = model.row(balance.node) else { return nil }
      let isWanted =
        state.layers.filter.isEmpty ? !row.isPassive || listed.contains(row.index) : listed.contains(row.index)
      return isWanted ? Bar(node: balance.node, balance: balance) : nil
    }
    guard all.count > width else { return all }
    let selected = state.selectedRow.flatMap { row in all.firstIndex { $0.node <= row.index } } ?? 0
    let start = min(max(0, selected - width / 2), all.count - width)
    return Array(all[start..<start + width])
  }

  private static func chart(_ state: ExplorerState, width: Int) -> BarChart {
    let bars = bars(state, width: width)
    let columns = bars.map { bar -> BarChart.Column in
      let balance = bar.balance
      return [
        .init(balance.incoming, Theme.keptColor), .init(balance.bias, Theme.biasColor),
        .init(balance.stabilizer, Theme.stabilizerColor), .init(balance.other, Theme.otherColor),
      ]
    }
    // A layer where relevance explodes is cut off, so that the others can still be seen.
    let top = abs(bars.first?.balance.outgoing ?? 1)
    let free = BarChart(columns: columns).shownRange
    let limit = top > 0 && top.isFinite ? 3 * top : 1
    let range = max(free.lowerBound, -limit)...min(free.upperBound, limit)
    return BarChart(
      columns: columns, range: range.lowerBound < range.upperBound ? range : 0...1,
      barWidth: bars.isEmpty ? 1 : min(4, max(1, width / bars.count)),
      highlighted: state.selectedRow.flatMap { row in bars.firstIndex { $0.node == row.index } }, theme: .explorer)
  }

  private static func drawLegend(into buffer: inout CellBuffer, in line: Rect) { buffer.draw(legend, in: line) }

  private static let legend: StyledText = {
    let theme = Theme.explorer
    var text = StyledText("logit → input  ", theme.dimmed)
    for (name, color) in [
      ("in", Theme.keptColor), ("bias", Theme.biasColor), ("stabilizer", Theme.stabilizerColor),
      ("other", Theme.otherColor),
    ] {
      text.append("■ ", Style(foreground: color))
      text.append(name + "  ", theme.dimmed)
    }
    return text
  }()

  /// The node whose bar is at a cell.
  static func node(atX x: Int, y: Int, _ state: ExplorerState) -> Int? {
    let inside = Frame.interior(of: state.layout.ledger).inset(left: 1, right: 1)
    guard inside.contains(x: x, y: y) else { return nil }
    let bars = bars(state, width: inside.width)
    let index = chart(state, width: inside.width).index(atX: x, in: inside)
    return index.flatMap { bars.indices.contains($0) ? bars[$0].node : nil }
  }
}
