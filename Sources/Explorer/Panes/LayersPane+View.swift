import LRP
import TerminalUI

extension LayersPane {
  static func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in place: Rect) {
    let theme = Theme.explorer
    let pane = state.layers
    let isFocused = state.focus == .layers
    guard let model = state.model else {
      Frame(title: "Layers", isFocused: isFocused, theme: theme).draw(into: &buffer, in: place)
      drawEmpty(state, into: &buffer, in: Frame.interior(of: place))
      return
    }
    var detail = "\(pane.visible.count) of \(model.rows.count)"
    let folded = pane.blocks.count
    if folded > 0 { detail = "\(folded) folded · " + detail }
    if !pane.marks.isEmpty { detail = "\(pane.marks.count) marked · " + detail }
    if !pane.filter.isEmpty { detail = "/\(pane.filter.text) · " + detail }
    let inside = Frame(title: "Layers", detail: StyledText(detail), isFocused: isFocused, theme: theme).draw(
      into: &buffer, in: place)
    let tableArea = inside.inset(bottom: 1)
    if pane.visible.isEmpty {
      Paragraph("No layer fits the filter “\(pane.filter.text)”. / changes it, Esc clears it.", style: theme.dimmed)
        .draw(
          into: &buffer, in: tableArea.inset(1))
    } else {
      table(state, model, width: tableArea.width, isFocused: isFocused).draw(into: &buffer, in: tableArea)
    }
    drawDetail(state, model, into: &buffer, in: inside.row(inside.height - 1))
  }

  private static func drawEmpty(_ state: ExplorerState, into buffer: inout CellBuffer, in place: Rect) {
    let theme = Theme.explorer
    if let opening = state.opening {
      buffer.draw("Opening \(opening.request.entry.name)", in: place.inset(1).row(1), style: theme.text)
      ProgressBar(fraction: opening.progress.fraction, label: opening.progress.step, theme: theme).draw(
        into: &buffer, in: place.inset(1).row(2))
    } else {
      Paragraph("No model is open. m lists the models there are.", style: theme.dimmed).draw(
        into: &buffer, in: place.inset(1))
    }
  }

  /// The list's row at a row of the screen.
  static func index(atY y: Int, in place: Rect, _ state: ExplorerState) -> Int? {
    let first = place.y + 2
    let index = y - first + state.layers.list.offset
    return y >= first && y < first + state.layout.layerRows && index < state.layers.visible.count ? index : nil
  }

  // MARK: - Table

  /// A column, how wide a pane has to be to show it, and what it shows.
  private struct Field {
    var column: Table.Column
    var minimumWidth: Int
    var text: (LayerRow, ExplorerState) -> StyledText
  }

  private static func table(_ state: ExplorerState, _ model: ModelState, width: Int, isFocused: Bool) -> Table {
    let pane = state.layers
    let fields = fields(width: width, longestName: model.rows.map(\.name.displayWidth).max() ?? 0)
    let outcome = state.shownOutcome
    let balances = Dictionary((outcome?.ledger ?? []).map { ($0.node, $0) }) { first, _ in first }
    let flags = Dictionary(state.shownFlags.map { ($0.node, $0.severity) }) { max($0, $1) }
    let range = pane.range
    return Table(
      columns: fields.map(\.column) + numberColumns(width: width), rowCount: pane.visible.count, state: pane.list,
      isFocused: isFocused, showsSigns: true, theme: .explorer
    ) { index in
      guard let row = model.row(pane.visible[index]) else { return Table.Row([]) }
      let block = pane.blocks[row.index]
      let balance = block.map { block in outcome.flatMap { block.balance($0) } }
      let flag = block.map { $0.nodes.compactMap { flags[$0] }.max() }
      let numbers = numberCells(
        row, balance ?? balances[row.index], flag ?? flags[row.index], inputSum: state.inputSum, width: width)
      let paths = block?.paths ?? [row.path]
      let isMarked = paths.contains(where: pane.marks.contains) || range?.contains(index) == true
      return Table.Row(
        fields.map { $0.text(row, state) } + numbers,
        style: isMarked ? Style(bold: true) : .plain, isMarked: isMarked,
        sign: sign(row, state))
    }
  }

  private static func fields(width: Int, longestName: Int) -> [Field] {
    let theme = Theme.explorer
    // What short names leave over; the other columns take 35 in a pane of this width.
    let kindWidth = width < 90 ? min(22, max(14, width - 35 - longestName)) : 22
    let all = [
      Field(column: .init("#", width: .fixed(3), alignment: .trailing), minimumWidth: 60) { row, _ in
        StyledText("\(row.index)", theme.dimmed)
      },
      Field(column: .init("name", truncation: .head), minimumWidth: 0) { row, state in nameText(row, state) },
      Field(column: .init("kind", width: .fixed(kindWidth)), minimumWidth: 60) { row, state in
        let text = state.layers.blocks[row.index].map { blockText($0, state) } ?? kindText(row)
        return StyledText(text, theme.dimmed)
      },
      Field(column: .init("output", width: .fixed(16)), minimumWidth: 130) { row, _ in
        StyledText(
          row.outputShape.dimensions.dropFirst().map(String.init).joined(separator: "×"), theme.dimmed)
      },
      Field(column: .init("params", width: .fixed(7), alignment: .trailing), minimumWidth: 130) { row, _ in
        StyledText(row.parameterCount > 0 ? NumberText.count(row.parameterCount) : "", theme.dimmed)
      },
      Field(column: .init("rule", width: .fixed(width < 60 ? 13 : width < 90 ? 12 : 18)), minimumWidth: 0) {
        row, state in ruleText(row, state)
      },
      Field(column: .init("from", width: .fixed(22)), minimumWidth: 96) { row, state in
        if state.layers.blocks[row.index] != nil { return "" }
        let match = state.composite.rules[row.path]
        return StyledText(match?.reason ?? "", match?.isEdited == true ? theme.text : theme.dimmed)
      },
    ]
    return all.filter { width >= $0.minimumWidth }
  }

  /// The layer's summary, depthwise convolutions shorter: `DWConv 32 3×3`.
  private static func kindText(_ row: LayerRow) -> String {
    let words = row.summary.split(separator: " ")
    guard words.count >= 4, words[0] == "Conv", words.last == "depthwise",
      let channels = words[1].split(separator: "→").first
    else { return row.summary }
    return (["DWConv", channels] + words[2...].dropLast()).joined(separator: " ")
  }

  private static func ruleText(_ row: LayerRow, _ state: ExplorerState) -> StyledText {
    let theme = Theme.explorer
    if row.index == 0 { return StyledText("–", theme.dimmed) }
    if let block = state.layers.blocks[row.index] { return ruleText(block, state) }
    guard let match = state.composite.rules[row.path], row.takesRules else {
      return StyledText("gradient", row.isPassive ? theme.dimmed : theme.warning)
    }
    return StyledText(match.rule.shortText, match.isEdited ? theme.accent.with(bold: false) : .plain)
  }

  // MARK: - Names and blocks

  /// Columns before the names in a pane of this width: what is clicked there is marked.
  static func nameColumn(width: Int) -> Int { width - 2 < 60 ? 3 : 7 }

  /// `▾` where an open block begins, `▸` for a folded one.
  private static func sign(_ row: LayerRow, _ state: ExplorerState) -> StyledText {
    if state.layers.blocks[row.index] != nil { return StyledText("▸", Theme.explorer.accent) }
    return StyledText(state.layers.heads.contains(row.index) ? "▾" : "", Theme.explorer.dimmed)
  }

  /// A block's name with the number of its layers.
  private static func nameText(_ row: LayerRow, _ state: ExplorerState) -> StyledText {
    let style = row.index == state.heatmap.node ? Style(underline: true) : Style.plain
    guard let block = state.layers.blocks[row.index] else { return StyledText(row.name, style) }
    return StyledText([.init(block.path, style), .init(" (\(block.listed.count))", Theme.explorer.dimmed)])
  }

  /// `5 layers, 2 marked`.
  private static func blockText(_ block: LayerBlock, _ state: ExplorerState) -> String {
    let marked = block.paths.count(where: state.layers.marks.contains)
    return marked > 0 ? "\(marked)/\(block.paths.count) marked" : NumberText.plural(block.listed.count, "layer")
  }

  /// The rule that the block's listed layers agree on, or how many they have.
  private static func ruleText(_ block: LayerBlock, _ state: ExplorerState) -> StyledText {
    let theme = Theme.explorer
    let rows = block.listed.compactMap { state.model?.row($0) }
    let texts = rows.map { row in
      row.takesRules ? state.composite.rules[row.path]?.rule.shortText ?? "gradient" : "gradient"
    }
    let distinct = Set(texts)
    let isEdited = rows.contains { state.composite.rules[$0.path]?.isEdited == true }
    let style = distinct.contains("gradient") ? theme.warning : isEdited ? theme.accent.with(bold: false) : Style.plain
    return StyledText(distinct.count == 1 ? texts[0] : NumberText.plural(distinct.count, "rule"), style)
  }

  // MARK: - Numbers

  private static func barWidth(_ width: Int) -> Int { width < 90 ? 4 : 8 }

  private static let relevanceWidth = 7

  private static func relevance(_ value: Double) -> String {
    NumberText.fixed(value, decimals: 3, width: relevanceWidth)
  }

  private static func numberColumns(width: Int) -> [Table.Column] {
    [.init("ΣR", width: .fixed(relevanceWidth), alignment: .trailing), .init("kept", width: .fixed(barWidth(width)))]
  }

  private static func numberCells(
    _ row: LayerRow, _ balance: LayerBalance?, _ flag: LedgerFlag.Severity?, inputSum: Double?, width: Int
  ) -> [StyledText] {
    let theme = Theme.explorer
    guard let balance else {
      guard row.index == 0, let inputSum else { return ["", ""] }
      return [StyledText(relevance(inputSum)), ""]
    }
    let style = flag == .problem ? theme.error : flag == .remark ? theme.warning.with(bold: false) : Style.plain
    return [
      StyledText(relevance(balance.outgoing), style),
      keptBar(balance.kept, width: barWidth(width)),
    ]
  }

  /// `▇▇▁` for two thirds; `▲` at the end where more is handed on than came, `▼` where the sign turns.
  private static func keptBar(_ kept: Double?, width: Int) -> StyledText {
    let theme = Theme.explorer
    guard let kept, kept.isFinite else { return "" }
    let filled = Int((min(1, max(0, kept)) * Double(width)).rounded())
    var text = StyledText(String(repeating: "▇", count: filled), Style(foreground: Theme.keptColor))
    text.append(String(repeating: "▁", count: width - filled), Style(foreground: Theme.biasColor))
    if kept > 1.05 {
      text = StyledText(String(repeating: "▇", count: width - 1), Style(foreground: Theme.keptColor))
      text.append("▲", theme.warning)
    } else if kept < -0.001 {
      text = StyledText(String(repeating: "▁", count: width - 1), Style(foreground: Theme.biasColor))
      text.append("▼", theme.warning)
    }
    return text
  }

  // MARK: - Details

  /// The selected layer in one line: the rule's origin first, because the table may have no room for it.
  private static func drawDetail(
    _ state: ExplorerState, _ model: ModelState, into buffer: inout CellBuffer, in line: Rect
  ) {
    let theme = Theme.explorer
    guard let row = state.selectedRow else { return }
    var text = StyledText()
    if state.layers.rangeAnchor != nil {
      text.append("range: ", theme.accent)
      text.append("move, then v or space marks \(state.layers.range?.count ?? 0); Esc gives up", theme.text)
    } else if let block = state.selectedBlock {
      text.append(block.path, theme.text)
      let count = NumberText.plural(block.listed.count, "layer")
      text.append(": \(count) · a rule goes to \(block.paths.count) of them · → opens it", theme.dimmed)
    } else if row.index == 0 {
      text.append("the input, \(row.outputShape)", theme.dimmed)
    } else {
      if let match = state.composite.rules[row.path] {
        text.append(match.rule.name, theme.text)
        text.append(" ← \(match.reason)", match.isEdited ? theme.accent : theme.dimmed)
      } else {
        text.append("no rule", theme.warning)
        text.append(row.takesRules ? " ← no entry fits" : ": an operation without a module", theme.dimmed)
      }
      let shapes = row.inputShapes.map { Self.short($0.dimensions) }.joined(separator: " + ")
      text.append(" · \(row.summary) · \(shapes) → \(short(row.outputShape.dimensions))", theme.dimmed)
      if row.parameterCount > 0 { text.append(" · \(NumberText.count(row.parameterCount)) parameters", theme.dimmed) }
    }
    buffer.draw(text, in: line.inset(left: 1, right: 1))
  }

  private static func short(_ dimensions: [Int]) -> String {
    dimensions.dropFirst().map(String.init).joined(separator: "×")
  }
}

extension ExplorerState {
  /// The sum of the input's relevance.
  var inputSum: Double? { shownOutcome?.inputSum }
}
