/// The styles of the widgets, named by their role.
///
/// Every distinction survives without colours: by an attribute, or because ``ColorMode/monochrome`` shows a set
/// background as reverse video.
public struct Theme: Hashable, Sendable {
  public var text = Style.plain
  /// Secondary text: column titles, hints, placeholders.
  public var dimmed = Style(foreground: Color(0x8A8F98))
  /// Keys in hints, and what the eye should find first.
  public var accent = Style(foreground: Color(0xFFB454), bold: true)
  public var border = Style(foreground: Color(0x5C6370))
  public var focusedBorder = Style(foreground: Color(0xFFB454), bold: true)
  public var title = Style(foreground: Color(0xABB2BF))
  public var focusedTitle = Style(foreground: Color(0xFFB454), bold: true)
  /// The selected row of the focused list, and of the others.
  public var selection = Style(background: Color(0x24507A), bold: true)
  public var inactiveSelection = Style(background: Color(0x30343C))
  /// The mark at the start of a marked row.
  public var mark = Style(foreground: Color(0xFFB454), bold: true)
  public var success = Style(foreground: Color(0x8CC570), bold: true)
  public var warning = Style(foreground: Color(0xF0C050), bold: true)
  public var error = Style(foreground: Color(0xFF6B6B), bold: true)
  public var positive = Style(foreground: Color(0xE06C55))
  public var negative = Style(foreground: Color(0x5B9BD5))

  public static let standard = Theme()

  /// A text for a ground that is not the usual one, such as that of a selected row: those of its colours that are the
  /// theme's become as light as it takes to read them. Others stand for something – bars, samples – and stay.
  public func readable(_ text: StyledText, on ground: Color) -> StyledText {
    guard !ground.isDefault else { return text }
    let own = [dimmed, accent, title, success, warning, error, positive, negative].map(\.foreground)
    return StyledText(
      text.spans.map { span in
        guard own.contains(span.style.foreground) else { return span }
        return .init(span.text, span.style.with(foreground: span.style.foreground.readable(on: ground)))
      })
  }

  public init() {}
}
