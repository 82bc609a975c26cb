/// Where the panels of a sheet go and how large their cells are: whole pixels, so that no value is smoothed.
package struct PanelGrid: Hashable, Sendable {
  /// How many pixels of the page each panel's values take.
  package let cells: [CellSize]
  package let columns: Int
  package let columnWidths: [Double]
  /// Of the panels, without their headings.
  package let rowHeights: [Double]

  /// - Parameters:
  ///   - sizes: columns and rows of each panel.
  ///   - side: about how many pixels the longer side of a panel should take.
  ///   - minimumWidth: of a column of panels, in pixels.
  package init(sizes: [(width: Int, height: Int)], columns: Int, side: Double, minimumWidth: Double) {
    self.columns = min(max(1, columns), max(1, sizes.count))
    cells = sizes.map { Self.cell(for: $0, side: side) }
    var widths = [Double](repeating: minimumWidth, count: self.columns)
    var heights = [Double](repeating: 0, count: (sizes.count + self.columns - 1) / self.columns)
    for (index, (size, cell)) in zip(sizes, cells).enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: self.columns)
      widths[column] = max(widths[column], Double(size.width) * Double(cell.width))
      heights[row] = max(heights[row], Double(size.height) * Double(cell.height))
    }
    columnWidths = widths
    rowHeights = heights
  }

  /// Squares, but for maps so flat that squares would be a mere line.
  package static func cell(for size: (width: Int, height: Int), side: Double) -> CellSize {
    let longer = max(1, size.width, size.height)
    let whole = max(1, Int((side / Double(longer)).rounded()))
    let thinnest = Int(side / 14)
    func raised(_ extent: Int) -> Int { max(whole, (thinnest + max(1, extent) - 1) / max(1, extent)) }
    return CellSize(width: raised(size.width), height: raised(size.height))
  }
}
