/// One line of text in several styles.
public struct StyledText: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  /// A piece of text in one style.
  public struct Span: Hashable, Sendable {
    public var text: String
    public var style: Style

    public init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }
  }

  public var spans: [Span]

  public init(_ spans: [Span] = []) { self.spans = spans }
  public init(_ text: String, _ style: Style = .plain) { spans = [Span(text, style)] }
  public init(stringLiteral value: String) { self.init(value) }

  /// The text without styles.
  public var text: String { spans.map(\.text).joined() }
  public var displayWidth: Int { spans.reduce(0) { $0 + $1.text.displayWidth } }
  public var isEmpty: Bool { spans.allSatisfy(\.text.isEmpty) }

  public mutating func append(_ text: String, _ style: Style = .plain) { spans.append(Span(text, style)) }

  public static func + (left: StyledText, right: StyledText) -> StyledText { StyledText(left.spans + right.spans) }

  /// The same text with every span laid over `base`.
  public func over(_ base: Style) -> StyledText {
    StyledText(spans.map { Span($0.text, base.merged(under: $0.style)) })
  }

  /// The text shortened to at most `width` columns, with `…` (in the style next to it) where something is missing.
  public func truncated(to width: Int, at truncation: Truncation = .tail) -> StyledText {
    guard displayWidth > width else { return self }
    if spans.count == 1 { return StyledText(spans[0].text.truncated(to: width, at: truncation), spans[0].style) }
    guard width > 0 else { return StyledText() }
    // Only single-style text is cut elsewhere than at its end.
    var result = StyledText()
    var room = width - 1
    for span in spans {
      let spanWidth = span.text.displayWidth
      guard spanWidth > room else {
        result.spans.append(span)
        room -= spanWidth
        continue
      }
      // Ask for one column more: that one becomes the ellipsis.
      result.append(span.text.truncated(to: room + 1), span.style)
      if spanWidth == room + 1 { result.spans[result.spans.count - 1].text = span.text.ending(withEllipsisAfter: room) }
      break
    }
    return result
  }
}

extension String {
  /// The first `width` columns followed by `…`, even where the text would have fitted.
  fileprivate func ending(withEllipsisAfter width: Int) -> String { (self + " ").truncated(to: width + 1) }
}
