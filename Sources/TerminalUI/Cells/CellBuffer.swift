/// A picture of the screen, or of a part of it: a grid of cells that views draw into and drivers show.
///
/// Everything outside the grid is clipped silently; no coordinate can trap.
public struct CellBuffer: Hashable, Sendable {
  public let width: Int
  public let height: Int
  /// The cells row by row.
  public private(set) var cells: [Cell]

  /// A buffer filled with blanks; negative extents count as 0.
  public init(width: Int, height: Int, fill: Cell = .blank) {
    self.width = max(0, width)
    self.height = max(0, height)
    cells = Array(repeating: fill, count: self.width * self.height)
  }

  public var bounds: Rect { Rect(width: width, height: height) }

  /// The cells of one row; empty outside the grid.
  public func row(_ y: Int) -> ArraySlice<Cell> {
    (0..<height).contains(y) ? cells[y * width..<(y + 1) * width] : []
  }

  /// The cell at column `x` and row `y`. Outside the grid it reads as a blank and is not written. Writing over half of
  /// a wide glyph blanks its other half; a wide glyph is written with its continuation, or as a blank where only half
  /// of it fits.
  public subscript(x: Int, y: Int) -> Cell {
    get { isInside(x, y) ? cells[y * width + x] : .blank }
    set {
      if isInside(x, y) { place(newValue, x, y, limit: width) }
    }
  }

  private func isInside(_ x: Int, _ y: Int) -> Bool { x >= 0 && x < width && y >= 0 && y < height }

  /// Writes a cell that is known to be inside; a wide glyph must end before the column `limit`.
  private mutating func place(_ cell: Cell, _ x: Int, _ y: Int, limit: Int) {
    let index = y * width + x
    var cell = cell
    let isWide = cell.glyph.width == 2
    if isWide && x + 1 >= limit { cell.glyph = .space }
    separate(index, x)
    cells[index] = cell
    if isWide && x + 1 < limit {
      separate(index + 1, x + 1)
      cells[index + 1] = Cell(glyph: .continuation, style: cell.style)
    }
  }

  /// Blanks the other half of a wide glyph whose one half is about to be overwritten.
  private mutating func separate(_ index: Int, _ x: Int) {
    if cells[index].glyph == .continuation, x > 0 {
      cells[index - 1].glyph = .space
    } else if x + 1 < width, cells[index + 1].glyph == .continuation {
      cells[index + 1].glyph = .space
    }
  }
}

// MARK: - Drawing

extension CellBuffer {
  /// Writes text from left to right, clipped to the grid and to `clip`.
  ///
  /// - Returns: the column after the text, also where it was clipped.
  @discardableResult
  public mutating func write(_ text: String, x: Int, y: Int, style: Style = .plain, clip: Rect? = nil) -> Int {
    let area = clip.map(bounds.intersection) ?? bounds
    let isRowVisible = area.rows.contains(y)
    var column = x
    var lastColumn = -1
    for scalar in text.unicodeScalars {
      let scalarWidth = scalar.displayWidth
      guard scalarWidth > 0 else {
        if lastColumn >= 0 { cells[y * width + lastColumn].glyph.combine(scalar) }
        continue
      }
      lastColumn = -1
      if isRowVisible, area.columns.contains(column) {
        place(Cell(glyph: Glyph(scalar: scalar), style: style), column, y, limit: area.maxX)
        lastColumn = column
      } else if isRowVisible, scalarWidth == 2, column + 1 == area.x, !area.isEmpty {
        place(Cell(glyph: .space, style: style), area.x, y, limit: area.maxX)
      }
      column += scalarWidth
    }
    return column
  }

  /// Writes styled text from left to right, clipped; spans without a colour take it from `base`.
  ///
  /// - Returns: the column after the text, also where it was clipped.
  @discardableResult
  public mutating func write(_ text: StyledText, x: Int, y: Int, base: Style = .plain, clip: Rect? = nil) -> Int {
    var column = x
    for span in text.spans {
      column = write(span.text, x: column, y: y, style: base.merged(under: span.style), clip: clip)
    }
    return column
  }

  /// Draws one line into the first row of a rectangle, aligned, and truncated with `…` where it is too long.
  public mutating func draw(
    _ text: StyledText, in rect: Rect, base: Style = .plain, alignment: Alignment = .leading,
    truncation: Truncation = .tail
  ) {
    guard !rect.isEmpty else { return }
    let fitting = text.truncated(to: rect.width, at: truncation)
    let start = rect.x + alignment.offset(of: rect.width - fitting.displayWidth)
    write(fitting, x: start, y: rect.y, base: base, clip: rect)
  }

  /// Draws one line in one style into the first row of a rectangle; see the variant for styled text.
  public mutating func draw(
    _ text: String, in rect: Rect, style: Style = .plain, alignment: Alignment = .leading,
    truncation: Truncation = .tail
  ) {
    draw(StyledText(text, style), in: rect, alignment: alignment, truncation: truncation)
  }

  /// Fills a rectangle with a cell of width one.
  public mutating func fill(_ rect: Rect, with cell: Cell = .blank) {
    let area = bounds.intersection(rect)
    for y in area.rows {
      for x in area.columns { place(cell, x, y, limit: area.maxX) }
    }
  }

  /// Lays a style over what is already drawn; see ``Style/merged(under:)``.
  public mutating func overlay(_ style: Style, on rect: Rect) {
    restyle(rect) { $0.merged(under: style) }
  }

  /// Changes the style of what is already drawn, for example to dim what is behind a popup.
  public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
    let area = bounds.intersection(rect)
    for y in area.rows {
      for x in area.columns { cells[y * width + x].style = change(cells[y * width + x].style) }
    }
  }
}
