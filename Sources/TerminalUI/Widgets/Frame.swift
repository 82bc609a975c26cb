/// A box with a title in its upper edge.
public struct Frame: Sendable {
  public var title: StyledText
  /// A second text at the right end of the upper edge, shown if there is room; for example `12/80`.
  public var detail: StyledText
  public var isFocused: Bool
  /// The upper edge is also the lower edge of the frame above: draw this frame one row higher and after that one.
  public var joinsAbove: Bool
  public var theme: Theme

  public init(
    title: StyledText = "", detail: StyledText = "", isFocused: Bool = false, joinsAbove: Bool = false,
    theme: Theme = .standard
  ) {
    self.title = title
    self.detail = detail
    self.isFocused = isFocused
    self.joinsAbove = joinsAbove
    self.theme = theme
  }

  /// The room inside the frame.
  public static func interior(of rect: Rect) -> Rect { rect.inset(1) }

  /// Draws the edges; the inside is left as it is.
  ///
  /// - Returns: the room inside the frame.
  @discardableResult
  public func draw(into buffer: inout CellBuffer, in rect: Rect) -> Rect {
    guard rect.width >= 2, rect.height >= 2 else { return Frame.interior(of: rect) }
    let edge = isFocused ? theme.focusedBorder : theme.border
    let line = String(repeating: "─", count: rect.width - 2)
    let corners = joinsAbove ? ("├", "┤") : ("┌", "┐")
    buffer.write(corners.0 + line + corners.1, x: rect.x, y: rect.y, style: edge, clip: rect)
    for y in rect.rows.dropFirst().dropLast() {
      buffer.write("│", x: rect.x, y: y, style: edge, clip: rect)
      buffer.write("│", x: rect.maxX - 1, y: y, style: edge, clip: rect)
    }
    buffer.write("└" + line + "┘", x: rect.x, y: rect.maxY - 1, style: edge, clip: rect)
    drawTitles(into: &buffer, in: rect.row(0).inset(left: 1, right: 1))
    return Frame.interior(of: rect)
  }

  private func drawTitles(into buffer: inout CellBuffer, in edge: Rect) {
    let style = isFocused ? theme.focusedTitle : theme.title
    var next = edge.x
    if !title.isEmpty, edge.width >= 3 {
      next = buffer.write(" ", x: next, y: edge.y, style: style, clip: edge)
      next = buffer.write(title.truncated(to: edge.width - 2), x: next, y: edge.y, base: style, clip: edge)
      next = buffer.write(" ", x: next, y: edge.y, style: style, clip: edge)
    }
    let detailWidth = detail.displayWidth + 2
    guard !detail.isEmpty, edge.maxX - next > detailWidth else { return }
    let start = edge.maxX - detailWidth
    let text = StyledText(" ") + detail + StyledText(" ")
    buffer.write(text, x: start, y: edge.y, base: theme.dimmed, clip: edge)
  }
}
