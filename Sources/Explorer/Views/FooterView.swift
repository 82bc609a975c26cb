import TerminalUI

/// The last line: a notice, the filter while it is typed, or the keys that can be used now.
enum FooterView {
  static func draw(_ state: ExplorerState, into buffer: inout CellBuffer) {
    let theme = Theme.explorer
    let line = state.layout.footer
    if state.layers.isFiltering, state.popup == nil {
      drawFilter(state, into: &buffer, in: line)
    } else if state.notice == nil, state.popup == nil {
      let help = helpHint
      let hints = hints(state).line(width: line.width - 4 - help.displayWidth)
      let x = buffer.write(hints, x: line.x + 1, y: line.y, clip: line)
      buffer.write(help, x: x + (hints.isEmpty ? 0 : 2), y: line.y, clip: line)
    }
    guard let notice = state.notice else { return }
    // As many lines as it takes, upwards from the footer.
    let closes = notice.kind == .error ? "  (Esc closes)" : ""
    let text = StyledText(notice.sign + " " + notice.text + closes)
    let lines = text.wrapped(to: line.width - 2)
    let rows = min(lines.count, 6)
    let place = Rect(x: line.x, y: line.maxY - rows, width: line.width, height: rows)
    let style =
      switch notice.kind {
      case .information: theme.text
      case .success: theme.success
      case .warning: theme.warning
      case .error: theme.error
      }
    let ground = style.merged(under: rows > 1 ? theme.inactiveSelection : .plain)
    buffer.fill(place, with: Cell(glyph: .space, style: ground))
    for (row, text) in lines.prefix(rows).enumerated() {
      buffer.draw(text, in: place.row(row).inset(left: 1, right: 1), base: ground)
    }
  }

  private static func drawFilter(_ state: ExplorerState, into buffer: inout CellBuffer, in line: Rect) {
    let theme = Theme.explorer
    let hints = KeyHints([.init("↵", "keep"), .init("Esc", "clear")], theme: theme).line(width: 30)
    let parts = line.inset(left: 1, right: 1).split(
      .horizontal, [.fixed(1), .fill, .fixed(hints.displayWidth)], gap: 1)
    buffer.draw("/", in: parts[0], style: theme.accent)
    state.layers.filter.draw(
      into: &buffer, in: parts[1], placeholder: "words in name, kind or rule; * for any text", theme: theme)
    buffer.write(hints, x: parts[2].x, y: line.y)
  }

  /// The last hint, which always has room.
  private static var helpHint: StyledText { KeyHints([.init("?", "help")], theme: .explorer).line(width: 10) }

  private static func hints(_ state: ExplorerState) -> KeyHints {
    KeyHints(ActionTable.hints(for: state).map(\.hint), theme: .explorer)
  }

  /// The action whose hint is at a column.
  static func action(atX x: Int, _ state: ExplorerState) -> Action? {
    guard state.notice == nil, !state.layers.isFiltering else { return nil }
    let actions = ActionTable.hints(for: state)
    let hints = KeyHints(actions.map(\.hint))
    let line = state.layout.footer
    let width = line.width - 4 - helpHint.displayWidth
    if let index = hints.index(atColumn: x - line.x - 1, width: width) { return actions[index].action }
    let used = hints.line(width: width).displayWidth
    let help = line.x + 1 + used + (used > 0 ? 2 : 0)
    return (help..<help + helpHint.displayWidth).contains(x) ? ActionTable.action("general.help") : nil
  }
}
