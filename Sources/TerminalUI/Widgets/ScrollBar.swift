/// A vertical scroll bar one column wide.
public struct ScrollBar: Sendable {
  /// Lines in all, and the first one that is visible.
  public var total: Int
  public var offset: Int
  public var theme: Theme

  public init(total: Int, offset: Int, theme: Theme = .standard) {
    self.total = total
    self.offset = offset
    self.theme = theme
  }

  /// The rows of the thumb, counted from the top of a bar `height` rows high; `nil` if all lines are visible.
  public func thumb(height: Int) -> Range<Int>? {
    guard height > 0, total > height else { return nil }
    let length = max(1, Int((Double(height) * Double(height) / Double(total)).rounded()))
    let hidden = total - height
    let first = min(max(0, offset), hidden)
    let start = Int((Double(height - length) * Double(first) / Double(hidden)).rounded())
    return start..<start + length
  }

  /// Draws into the first column of a rectangle; nothing if all lines are visible.
  public func draw(into buffer: inout CellBuffer, in rect: Rect) {
    guard let thumb = thumb(height: rect.height) else { return }
    for row in 0..<rect.height {
      let isThumb = thumb.contains(row)
      buffer.write(
        isThumb ? "┃" : "│", x: rect.x, y: rect.y + row, style: isThumb ? theme.title : theme.border, clip: rect)
    }
  }
}
