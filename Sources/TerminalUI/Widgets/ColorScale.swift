/// The scale of a heatmap: a strip with all its colours, and numbers below or beside it.
public struct ColorScale: Sendable {
  /// The colours from the lowest to the highest value, evenly spaced; what lies between is mixed.
  public var colors: [Color]
  public var low: String
  public var middle: String
  public var high: String
  public var theme: Theme

  public init(colors: [Color], low: String, middle: String = "", high: String, theme: Theme = .standard) {
    self.colors = colors
    self.low = low
    self.middle = middle
    self.high = high
    self.theme = theme
  }

  /// Draws the strip into the first row and the numbers into the second; in a rectangle of one row, the numbers stand
  /// at both ends of the strip.
  public func draw(into buffer: inout CellBuffer, in rect: Rect, capabilities: DisplayCapabilities = .full) {
    if rect.height >= 2 {
      drawStrip(into: &buffer, in: rect.row(0), capabilities)
      for (text, alignment) in [(low, Alignment.leading), (middle, .center), (high, .trailing)] {
        buffer.draw(text, in: rect.row(1), style: theme.dimmed, alignment: alignment)
      }
    } else {
      let parts = rect.split(.horizontal, [.fixed(low.displayWidth), .fill, .fixed(high.displayWidth)], gap: 1)
      buffer.draw(low, in: parts[0], style: theme.dimmed)
      drawStrip(into: &buffer, in: parts[1], capabilities)
      buffer.draw(high, in: parts[2], style: theme.dimmed)
    }
  }

  private func drawStrip(into buffer: inout CellBuffer, in line: Rect, _ capabilities: DisplayCapabilities) {
    guard !line.isEmpty, !colors.isEmpty else { return }
    func color(_ column: Int) -> Color {
      guard line.width > 1 else { return colors[colors.count / 2] }
      let (index, rest) = (column * (colors.count - 1)).quotientAndRemainder(dividingBy: line.width - 1)
      let next = colors[min(index + 1, colors.count - 1)]
      return colors[index].mixed(with: next, fraction: Double(rest) / Double(line.width - 1))
    }
    let pixels = (0..<line.width).map(color)
    let values = (0..<line.width).map { line.width > 1 ? Float($0) / Float(line.width - 1) * 2 - 1 : 0 }
    let strip = HalfBlockImage(width: line.width, height: 2, pixels: pixels + pixels, values: values + values)
    strip.draw(into: &buffer, in: line, capabilities: capabilities)
  }
}
