/// A framed window in the middle of the screen, over everything else.
public struct Popup: Sendable {
  public var title: StyledText
  /// The size wanted for the inside; the screen limits it.
  public var width: Int
  public var height: Int
  public var theme: Theme

  public init(title: StyledText, width: Int, height: Int, theme: Theme = .standard) {
    self.title = title
    self.width = width
    self.height = height
    self.theme = theme
  }

  /// The place of the whole window, frame included, on a screen.
  public func place(in screen: Rect) -> Rect {
    screen.centered(width: max(0, width) + 4, height: max(0, height) + 2)
  }

  /// Dims what is behind, clears the window and draws its frame.
  ///
  /// - Returns: the room for the content (one column free left and right).
  public func draw(into buffer: inout CellBuffer, in screen: Rect) -> Rect {
    let place = place(in: screen)
    buffer.fill(place)
    return Frame(title: title, isFocused: true, theme: theme).draw(into: &buffer, in: place).inset(left: 1, right: 1)
  }
}

/// A question or a message in a popup with a line of keys: "Save before leaving?  y yes  n no  Esc back".
public struct Dialog: Sendable {
  public var title: StyledText
  public var message: Paragraph
  public var hints: KeyHints
  public var theme: Theme

  public init(title: StyledText, message: Paragraph, hints: KeyHints, theme: Theme = .standard) {
    self.title = title
    self.message = message
    self.hints = hints
    self.theme = theme
  }

  /// As large as the message needs, at most 60 columns wide.
  private func popup(in screen: Rect) -> Popup {
    let widest = max(message.lines.map(\.displayWidth).max() ?? 0, hints.line(width: 60).displayWidth)
    let width = min(60, max(20, widest), max(1, screen.width - 4))
    return Popup(title: title, width: width, height: message.wrapped(to: width).count + 2, theme: theme)
  }

  /// The place of the whole window, frame included, on a screen.
  public func place(in screen: Rect) -> Rect { popup(in: screen).place(in: screen) }

  public func draw(into buffer: inout CellBuffer, in screen: Rect) {
    let popup = popup(in: screen)
    let inside = popup.draw(into: &buffer, in: screen)
    message.draw(into: &buffer, in: inside.inset(bottom: min(2, max(0, inside.height - 1))))
    if inside.height > 1 { hints.draw(into: &buffer, in: inside.row(inside.height - 1)) }
  }
}
