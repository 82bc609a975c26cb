/// The line at the foot of the screen: keys and what they do.
public struct KeyHints: Sendable {
  public struct Hint: Hashable, Sendable {
    /// As displayed; see ``Key/displayText``.
    public var key: String
    public var action: String

    public init(_ key: String, _ action: String) {
      self.key = key
      self.action = action
    }
  }

  /// The most important first: those that there is no room for are left out.
  public var hints: [Hint]
  public var theme: Theme

  public init(_ hints: [Hint], theme: Theme = .standard) {
    self.hints = hints
    self.theme = theme
  }

  /// The hints that fit into `width` columns, as one line.
  public func line(width: Int) -> StyledText {
    var line = StyledText()
    var used = 0
    for hint in hints {
      let piece = StyledText([.init(hint.key, theme.accent), .init(" " + hint.action, theme.dimmed)])
      let separator = line.isEmpty ? "" : "  "
      let pieceWidth = separator.displayWidth + piece.displayWidth
      guard used + pieceWidth <= width else { continue }
      used += pieceWidth
      line.append(separator)
      line = line + piece
    }
    return line
  }

  /// The number of the hint at a column of ``line(width:)``, `nil` between them.
  public func index(atColumn column: Int, width: Int) -> Int? {
    var start = 0
    for (index, hint) in hints.enumerated() {
      let end = start + hint.key.displayWidth + 1 + hint.action.displayWidth
      guard end <= width else { continue }
      if (start..<end).contains(column) { return index }
      start = end + 2
    }
    return nil
  }

  public func draw(into buffer: inout CellBuffer, in rect: Rect) {
    buffer.write(line(width: rect.width), x: rect.x, y: rect.y, clip: rect)
  }
}
