/// Vertical bars side by side, exact to an eighth of a cell; negative values hang below zero.
public struct BarChart: Sendable {
  /// One bar: stacked segments.
  public typealias Column = [Bar.Segment]

  public var columns: [Column]
  /// The values at the lower and upper edge; `nil`: from the data, with zero inside.
  public var range: ClosedRange<Double>?
  public var barWidth: Int
  public var gap: Int
  /// The number of a column drawn on a lighter ground, for example that of the selected layer.
  public var highlighted: Int?
  public var theme: Theme

  public init(
    columns: [Column], range: ClosedRange<Double>? = nil, barWidth: Int = 1, gap: Int = 0, highlighted: Int? = nil,
    theme: Theme = .standard
  ) {
    self.columns = columns
    self.range = range
    self.barWidth = max(1, barWidth)
    self.gap = max(0, gap)
    self.highlighted = highlighted
    self.theme = theme
  }

  /// The range shown: the given one, or the smallest with zero and all stacked values in it.
  public var shownRange: ClosedRange<Double> {
    if let range { return range }
    var low = 0.0
    var high = 0.0
    for column in columns {
      let values = column.map(\.value).filter(\.isFinite)
      high = max(high, values.filter { $0 > 0 }.reduce(0, +))
      low = min(low, values.filter { $0 < 0 }.reduce(0, +))
    }
    return low < high ? low...high : 0...1
  }

  /// Draws as many columns as fit, from the left.
  public func draw(into buffer: inout CellBuffer, in rect: Rect) {
    let range = shownRange
    for (number, column) in columns.enumerated() {
      let left = rect.x + number * (barWidth + gap)
      guard left < rect.maxX else { break }
      let stretches = Stacking.stretches(of: column, range: range, length: rect.height)
      let base = number == highlighted ? theme.inactiveSelection : .plain
      for row in 0..<rect.height {
        let cell = EighthBlocks.cell(
          rect.height - 1 - row, of: stretches, blocks: EighthBlocks.fromBelow, base: base)
        for x in left..<min(left + barWidth, rect.maxX) { buffer[x, rect.y + row] = cell }
      }
    }
  }

  /// The column at a column of the screen, for the mouse.
  public func index(atX x: Int, in rect: Rect) -> Int? {
    guard rect.columns.contains(x) else { return nil }
    let (number, rest) = (x - rect.x).quotientAndRemainder(dividingBy: barWidth + gap)
    return rest < barWidth && number < columns.count ? number : nil
  }
}
