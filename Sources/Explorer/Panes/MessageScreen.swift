import TerminalUI

/// The latest messages in full, the newest first.
package struct MessageScreen: ModalPane {
  private var offset = 0

  package init() {}

  package var hints: [KeyHints.Hint] { [.init("↑↓", "scroll"), .init("Esc", "back")] }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch input {
    case .key(.up), .key(.character("k")): offset = max(0, offset - 1)
    case .key(.down), .key(.character("j")): offset = min(offset + 1, max(0, lines(state, width: 72).count - 1))
    case .key, .mouse: return .close
    case .paste: break
    }
    return .stay
  }

  private func lines(_ state: ExplorerState, width: Int) -> [StyledText] {
    let theme = Theme.explorer
    if state.log.isEmpty { return [StyledText("There have been no messages.", theme.dimmed)] }
    return state.log.reversed().flatMap { notice -> [StyledText] in
      let style =
        switch notice.kind {
        case .error: theme.error
        case .warning: theme.warning
        case .success: theme.success
        case .information: theme.text
        }
      return StyledText([.init(notice.sign + " ", style), .init(notice.text)]).wrapped(to: width)
    }
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let lines = lines(state, width: min(72, screen.width - 4))
    let rows = max(1, min(lines.count, screen.height - 6))
    let inside = Popup(title: "Messages", width: 72, height: rows + 2, theme: .explorer).draw(into: &buffer, in: screen)
    for (row, line) in lines.dropFirst(offset).prefix(rows).enumerated() { buffer.draw(line, in: inside.row(row)) }
    KeyHints(hints, theme: .explorer).draw(into: &buffer, in: inside.row(inside.height - 1))
  }
}
