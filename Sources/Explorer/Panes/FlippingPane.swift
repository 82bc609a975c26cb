import LRP
import TerminalUI

/// Pixel-flipping curves of A, B and a random order, drawn with braille dots.
package struct FlippingPane: ModalPane {
  package init() {}

  package var hints: [KeyHints.Hint] {
    [
      .init("↵", "run"), .init("m", "mode"), .init("f", "fill"), .init("+", "larger"),
      .init("-", "smaller"), .init("y", "quantity"), .init("w", "save"), .init("Esc", "close"),
    ]
  }

  /// All between title and last line, unless so much would be left that one sees what is behind.
  private static func popup(_ screen: Rect) -> Popup {
    let whole = (width: screen.width - 4, height: screen.height - 4)
    let isSmall = whole.width < 140 || whole.height < 40
    return Popup(
      title: "Pixel flipping", width: isSmall ? whole.width : 110, height: isSmall ? whole.height : 34, theme: .explorer
    )
  }

  package func frame(_ state: ExplorerState) -> Rect? { Self.popup(state.screen).place(in: state.screen) }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    guard case .key(let key) = input else { return .stay }
    switch key {
    case .escape: return .close(state.cancelFlipping())
    case .enter: break
    case .character("m"): state.flipping.mode = state.flipping.mode == .deletion ? .insertion : .deletion
    case .character("f"): state.flipping.nextFill()
    case .character("+"), .character("-"): state.flipping.changeBlock(larger: key == .character("+"))
    case .character("y"):
      state.flipping.quantity = state.flipping.quantity == .logit ? .probability : .logit
      return .stay
    case .character("w"):
      guard state.flipping.status == .finished, !state.flipping.results.isEmpty else { return .stay([.beep]) }
      state.popup = PathPrompt(.saveCurves, state)
      return .stay
    default: return .stay
    }
    return .stay(state.cancelFlipping() + state.requestFlipping())
  }

  // MARK: - Drawing

  static let colors: [String: Color] = [
    "A": Color(0x5FA8FF), "B": Color(0xFFB454), "random": Color(0x8A919E),
  ]
  static let letters: [String: Character] = ["A": "a", "B": "b", "random": "."]

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    let flipping = state.flipping
    let inside = Self.popup(screen).draw(into: &buffer, in: screen)
    let blocks = "blocks of \(flipping.blockSide)×\(flipping.blockSide)"
    let words = [flipping.title, flipping.mode.rawValue, blocks, "fill \(flipping.fill.rawValue)"]
    buffer.draw(words.filter { !$0.isEmpty }.joined(separator: " · "), in: inside.row(0), style: theme.dimmed)
    let legendRows = 4
    let plot = inside.inset(left: 9, top: 2, bottom: legendRows + 3)
    if flipping.results.isEmpty {
      Paragraph(Self.emptyText(flipping), style: theme.dimmed, alignment: .center).draw(
        into: &buffer, in: plot.inset(top: plot.height / 2))
    } else {
      drawCurves(flipping, state, into: &buffer, in: plot)
    }
    let legend = Rect(
      x: inside.x, y: plot.maxY + 1, width: inside.width, height: legendRows)
    for (row, result) in flipping.results.enumerated() {
      buffer.draw(Self.line(result, flipping.shownQuantity), in: legend.row(row))
    }
    if case .running(let share) = flipping.status {
      ProgressBar(fraction: share, label: "Esc cancels", theme: theme).draw(
        into: &buffer, in: legend.row(legendRows - 1))
    }
    KeyHints(hints, theme: theme).draw(into: &buffer, in: inside.row(inside.height - 1))
  }

  private static func emptyText(_ flipping: FlippingState) -> String {
    switch flipping.status {
    case .running: "the first curve is being computed…"
    case .cancelled: "cancelled; ↵ runs it again"
    case .failed(let text): text
    case .idle, .finished: "↵ computes the curves"
    }
  }

  /// `A epsilon_plus   area under 0.214  over 0.171`.
  private static func line(_ result: FlippingResult, _ quantity: FlippingCurve.Quantity) -> StyledText {
    func number(_ value: Double) -> String { NumberText.fixed(value, decimals: 4) }
    var text = StyledText(
      result.title.fitted(to: 7), Style(foreground: colors[result.title] ?? .white, bold: true))
    text.append("under \(number(result.curve.areaUnder(quantity)))  over \(number(result.curve.areaOver(quantity)))  ")
    text.append(result.name == "random order" ? "" : result.name, Theme.explorer.dimmed)
    return text
  }

  private func drawCurves(
    _ flipping: FlippingState, _ state: ExplorerState, into buffer: inout CellBuffer, in plot: Rect
  ) {
    let theme = Theme.explorer
    let quantity = flipping.shownQuantity
    let values = flipping.results.flatMap { $0.curve.points.map { $0.value(quantity) } }
    let finite = values.filter(\.isFinite)
    let low = quantity == .probability ? 0 : min(0, finite.min() ?? 0)
    let high = quantity == .probability ? 1 : max(low + 1e-6, finite.max() ?? 1)
    let series = flipping.results.reversed().map { result in
      BraillePlot.Series(
        points: result.curve.points.map { ($0.fraction, $0.value(quantity)) },
        color: Self.colors[result.title] ?? .white, letter: Self.letters[result.title] ?? "*")
    }
    // The axes: a line to the left and one below, with the numbers at their ends.
    for y in plot.rows { buffer[plot.x - 1, y] = Cell("│", style: theme.border) }
    for x in plot.columns { buffer[x, plot.maxY] = Cell("─", style: theme.border) }
    buffer[plot.x - 1, plot.maxY] = Cell("└", style: theme.border)
    func label(_ value: Double) -> String { NumberText.fixed(value, decimals: 2) }
    let left = Rect(x: plot.x - 9, y: plot.y, width: 7, height: plot.height)
    buffer.draw(label(high), in: left.row(0), style: theme.dimmed, alignment: .trailing)
    buffer.draw(label(low), in: left.row(left.height - 1), style: theme.dimmed, alignment: .trailing)
    buffer.draw(
      flipping.quantityName, in: Rect(x: plot.x - 9, y: plot.y - 1, width: 14, height: 1), style: theme.dimmed)
    let below = Rect(x: plot.x, y: plot.maxY, width: plot.width, height: 1)
    let verb = flipping.settings.mode == .deletion ? "deleted" : "inserted"
    buffer.draw(" 0 % ", in: below, style: theme.dimmed)
    buffer.draw(" pixels \(verb) ", in: below, style: theme.dimmed, alignment: .center)
    buffer.draw(" 100 %", in: below, style: theme.dimmed, alignment: .trailing)
    BraillePlot(series: series, x: 0...1, y: low...high).draw(
      into: &buffer, in: plot, capabilities: state.capabilities)
  }
}
