import TerminalUI

/// The last line while a script is played: a caption, or the step, and how to stop.
public struct PlaybackBar: Sendable {
  public var caption: String?
  public var place: String
  public var step: String
  public var isHalted = false

  public init(place: String, step: String) {
    self.place = place
    self.step = step
  }

  /// Draws over the last line of a screen.
  public func draw(into buffer: inout CellBuffer, in screen: Rect) {
    guard screen.height > 1 else { return }
    let theme = Theme.explorer
    let line = screen.row(screen.height - 1)
    let ground = theme.selection.merged(under: theme.text)
    buffer.fill(line, with: Cell(glyph: .space, style: ground))
    let hint = StyledText(isHalted ? "halted: space goes on, other keys stop" : "space halts, other keys stop")
    let room = line.width - hint.displayWidth - 4
    let text = StyledText(caption ?? "▶ \(place)  \(step)")
    if room > 12 {
      buffer.write(hint, x: line.maxX - hint.displayWidth - 1, y: line.y, base: ground, clip: line)
      buffer.write(text.truncated(to: room), x: line.x + 1, y: line.y, base: ground, clip: line)
    } else {
      buffer.write(text.truncated(to: line.width - 2), x: line.x + 1, y: line.y, base: ground, clip: line)
    }
  }
}
