import TerminalUI

extension ClassesPane {
  static func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in place: Rect) {
    let theme = Theme.explorer
    let pane = state.classes
    let isFocused = state.focus == .classes
    let inside = Frame(
      title: "Classes", detail: pane.entries.isEmpty ? "" : StyledText("\(pane.entries.count)"), isFocused: isFocused,
      joinsAbove: state.layout.isStacked, theme: theme
    ).draw(into: &buffer, in: place)
    guard !pane.entries.isEmpty else {
      buffer.draw("The model's answer appears here.", in: inside.inset(left: 1).row(0), style: theme.dimmed)
      return
    }
    // Where it is narrow, names are worth more than bars: the numbers say the same.
    let barWidth = inside.width < 34 ? 0 : min(24, max(4, inside.width - 36))
    var columns: [Table.Column] = [
      .init(width: .fixed(1)), .init(width: .fixed(digits(pane)), alignment: .trailing), .init(),
      .init(width: .fixed(7), alignment: .trailing),
    ]
    if barWidth > 0 { columns.append(.init(width: .fixed(barWidth))) }
    Table(
      columns: columns, rowCount: pane.entries.count, state: pane.list, isFocused: isFocused, showsHeader: false,
      showsMarks: false,
      theme: theme
    ) { index in
      let entry = pane.entries[index]
      let isTarget = entry.index == state.targetClass
      let bar = Bar.text(pane.barLength(entry), width: barWidth)
      return Table.Row([
        StyledText(isTarget ? "→" : "", theme.accent),
        StyledText("\(entry.index)", theme.dimmed),
        StyledText(state.model?.label(ofClass: entry.index) ?? "", isTarget ? Style(bold: true) : .plain),
        StyledText(entry.text), StyledText(bar, Style(foreground: Theme.keptColor)),
      ])
    }.draw(into: &buffer, in: inside)
  }

  private static func digits(_ pane: ClassesPane) -> Int { String(max(0, pane.entries.count - 1)).count }

  /// The list's row at a row of the screen.
  static func index(atY y: Int, in place: Rect, _ state: ExplorerState) -> Int? {
    let index = y - place.y - 1 + state.classes.list.offset
    return y > place.y && y < place.maxY - 1 && index < state.classes.entries.count ? index : nil
  }
}
