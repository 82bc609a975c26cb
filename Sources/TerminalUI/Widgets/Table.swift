/// Rows of columns with a header, a selected row, marked rows and a scroll bar. A list is a table with one column.
public struct Table {
  public struct Column: Sendable {
    public var title: String
    public var width: Constraint
    public var alignment: Alignment
    public var truncation: Truncation

    public init(
      _ title: String = "", width: Constraint = .fill, alignment: Alignment = .leading, truncation: Truncation = .tail
    ) {
      self.title = title
      self.width = width
      self.alignment = alignment
      self.truncation = truncation
    }
  }

  public struct Row: Sendable {
    public var cells: [StyledText]
    /// Lies under the styles of the cells.
    public var style: Style
    public var isMarked: Bool
    /// One column, shown if the table shows signs: whether the row can be opened, say.
    public var sign: StyledText

    public init(_ cells: [StyledText], style: Style = .plain, isMarked: Bool = false, sign: StyledText = "") {
      self.sign = sign
      self.cells = cells
      self.style = style
      self.isMarked = isMarked
    }
  }

  public var columns: [Column]
  public var rowCount: Int
  public var state: ListState
  /// Whether the list has the keyboard; the selection is weaker if not.
  public var isFocused: Bool
  public var showsHeader: Bool
  /// Whether there is a column at the left for the mark `▌` of selected and marked rows.
  public var showsMarks: Bool
  /// Whether there is a column for signs, right of that for marks.
  public var showsSigns: Bool
  public var theme: Theme
  /// Makes a row; called for visible rows only.
  public var row: (Int) -> Row

  public init(
    columns: [Column], rowCount: Int, state: ListState, isFocused: Bool = true, showsHeader: Bool = true,
    showsMarks: Bool = true, showsSigns: Bool = false, theme: Theme = .standard, row: @escaping (Int) -> Row
  ) {
    self.columns = columns
    self.rowCount = max(0, rowCount)
    self.state = state
    self.isFocused = isFocused
    self.showsHeader = showsHeader
    self.showsMarks = showsMarks
    self.showsSigns = showsSigns
    self.theme = theme
    self.row = row
  }

  /// Rows that can be seen at once in a table of this height; what ``ListState`` wants to know.
  public static func visibleRows(in rect: Rect, showsHeader: Bool = true) -> Int {
    max(0, rect.height - (showsHeader ? 1 : 0))
  }

  /// The row of the list at a row of the screen, for the mouse.
  public func index(atY y: Int, in rect: Rect) -> Int? {
    let body = rect.inset(top: showsHeader ? 1 : 0)
    let index = y - body.y + state.offset
    return body.rows.contains(y) && index < rowCount ? index : nil
  }

  public func draw(into buffer: inout CellBuffer, in rect: Rect) {
    guard !rect.isEmpty else { return }
    let body = rect.inset(top: showsHeader ? 1 : 0)
    let needsBar = rowCount > body.height
    let content = rect.inset(left: (showsMarks ? 1 : 0) + (showsSigns ? 1 : 0), right: needsBar ? 1 : 0)
    let places = content.split(.horizontal, columns.map(\.width), gap: 1)
    if showsHeader {
      for (column, place) in zip(columns, places) {
        buffer.draw(column.title, in: place.row(0), style: theme.dimmed, alignment: column.alignment)
      }
    }
    for line in 0..<body.height {
      let index = state.offset + line
      guard index < rowCount else { break }
      drawRow(index, into: &buffer, in: body.row(line).inset(right: needsBar ? 1 : 0), places: places)
    }
    if needsBar {
      let bar = Rect(x: rect.maxX - 1, y: body.y, width: 1, height: body.height)
      ScrollBar(total: rowCount, offset: state.offset, theme: theme).draw(into: &buffer, in: bar)
    }
  }

  private func drawRow(_ index: Int, into buffer: inout CellBuffer, in line: Rect, places: [Rect]) {
    let row = row(index)
    let isSelected = index == state.selected
    var base = row.style
    if isSelected { base = base.merged(under: isFocused ? theme.selection : theme.inactiveSelection) }
    func shown(_ text: StyledText) -> StyledText { isSelected ? theme.readable(text, on: base.background) : text }
    buffer.fill(line, with: Cell(glyph: .space, style: base))
    if showsMarks, row.isMarked {
      buffer.write("▌", x: line.x, y: line.y, style: base.merged(under: theme.mark), clip: line)
    }
    if showsSigns {
      let place = Rect(x: line.x + (showsMarks ? 1 : 0), y: line.y, width: 1, height: 1)
      buffer.draw(shown(row.sign), in: place, base: base)
    }
    for (column, (place, text)) in zip(columns, zip(places, row.cells)) {
      let area = Rect(x: place.x, y: line.y, width: place.width, height: 1)
      buffer.draw(shown(text), in: area, base: base, alignment: column.alignment, truncation: column.truncation)
    }
  }
}
