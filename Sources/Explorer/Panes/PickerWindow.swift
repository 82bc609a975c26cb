import TerminalUI

/// Size and place of a picker's window: in the middle of the screen, or over a pane so that the others stay in sight.
package struct PickerShape: Hashable, Sendable {
  /// Items of the whole list.
  package var count: Int
  /// Columns wanted for the inside; over a pane, there are as many as the pane has: strips of it beside the window would
  /// only confuse.
  package var width: Int
  /// The pane to lie over.
  package var over: Rect?
  /// Rows below the list for what there is to say about the selected item.
  package var footRows: Int

  package init(count: Int, width: Int, over: Rect? = nil, footRows: Int = 0) {
    self.count = count
    self.width = width
    self.over = over
    self.footRows = footRows
  }

  /// Of windows over a pane that has the whole screen.
  package static let widest = 120

  private func rows(in screen: Rect) -> Int { max(1, min(max(count, 4), screen.height - 10 - footRows)) }

  /// The window with its frame.
  package func frame(in screen: Rect) -> Rect {
    let height = rows(in: screen) + 3 + footRows
    guard let over, !over.isEmpty else {
      return Popup(title: "", width: width, height: height).place(in: screen)
    }
    return Rect(
      x: over.x + 1, y: over.y + 1, width: min(over.width - 2, Self.widest),
      height: min(height + 2, screen.height - over.y - 2))
  }

  private func inside(in screen: Rect) -> Rect { Frame.interior(of: frame(in: screen)).inset(left: 1, right: 1) }

  /// The place of the list's rows.
  package func list(in screen: Rect) -> Rect { inside(in: screen).inset(top: 1, bottom: 2 + footRows) }

  /// The place of what is said about the selected item.
  package func foot(in screen: Rect) -> Rect {
    let inside = inside(in: screen)
    return Rect(x: inside.x, y: inside.maxY - 1 - footRows, width: inside.width, height: footRows)
  }
}

/// The window of a picker: a search line, a list and a line of keys, in a frame.
package struct PickerWindow {
  package var title: String
  package var placeholder: String
  package var list: SearchableList
  package var columns: [Table.Column]
  package var hints: [KeyHints.Hint]
  /// Shown where nothing matches.
  package var empty: String
  package var shape: PickerShape
  package var row: (Int) -> Table.Row

  package func draw(into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    let frame = shape.frame(in: screen)
    buffer.fill(frame)
    let inside = Frame(title: StyledText(title), isFocused: true, theme: theme).draw(into: &buffer, in: frame)
      .inset(left: 1, right: 1)
    list.field.draw(into: &buffer, in: inside.row(0), placeholder: placeholder, theme: theme)
    let body = shape.list(in: screen)
    if list.matches.isEmpty {
      Paragraph(empty, style: theme.dimmed).draw(into: &buffer, in: body)
    } else {
      var state = list.list
      state.reveal(count: list.matches.count, visible: body.height)
      let matches = list.matches
      let table = Table(
        columns: columns, rowCount: matches.count, state: state, showsHeader: false, showsMarks: false, theme: theme
      ) { row(matches[$0]) }
      table.draw(into: &buffer, in: body)
    }
    KeyHints(hints, theme: theme).draw(into: &buffer, in: inside.row(inside.height - 1))
  }
}
