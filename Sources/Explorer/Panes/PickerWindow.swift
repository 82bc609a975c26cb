import TerminalUI

/// The window of a picker: a search line, a list and a line of keys, in a frame.
package struct PickerWindow {
  package var title: String
  package var placeholder: String
  package var list: SearchableList
  package var columns: [Table.Column]
  package var hints: [KeyHints.Hint]
  /// Shown where nothing matches.
  package var empty: String
  package var width: Int
  package var row: (Int) -> Table.Row

  /// Rows of the list that are visible on a screen of this height.
  package static func visibleRows(count: Int, screenHeight: Int) -> Int {
    max(1, min(max(count, 4), screenHeight - 10))
  }

  /// The place of the list's rows.
  package static func listPlace(count: Int, width: Int, in screen: Rect) -> Rect {
    let rows = visibleRows(count: count, screenHeight: screen.height)
    let place = Popup(title: "", width: width, height: rows + 3, theme: .explorer).place(in: screen)
    return place.inset(left: 2, top: 2, right: 2, bottom: 2)
  }

  package func draw(into buffer: inout CellBuffer, in screen: Rect, count: Int) {
    let theme = Theme.explorer
    let rows = Self.visibleRows(count: count, screenHeight: screen.height)
    let popup = Popup(title: StyledText(title), width: width, height: rows + 3, theme: theme)
    let inside = popup.draw(into: &buffer, in: screen)
    list.field.draw(into: &buffer, in: inside.row(0), placeholder: placeholder, theme: theme)
    let body = inside.inset(top: 1, bottom: 2)
    if list.matches.isEmpty {
      buffer.draw(empty, in: body.row(0), style: theme.dimmed)
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
