/// How a cell is drawn: two colours and four attributes.
public struct Style: Hashable, Sendable {
  public var foreground: Color
  public var background: Color
  public var bold: Bool
  public var dim: Bool
  public var reverse: Bool
  public var underline: Bool

  /// The terminal's own colours, no attributes.
  public static let plain = Style()

  public init(
    foreground: Color = .default, background: Color = .default, bold: Bool = false, dim: Bool = false,
    reverse: Bool = false, underline: Bool = false
  ) {
    self.foreground = foreground
    self.background = background
    self.bold = bold
    self.dim = dim
    self.reverse = reverse
    self.underline = underline
  }

  /// A copy with some properties replaced.
  public func with(
    foreground: Color? = nil, background: Color? = nil, bold: Bool? = nil, dim: Bool? = nil, reverse: Bool? = nil,
    underline: Bool? = nil
  ) -> Style {
    Style(
      foreground: foreground ?? self.foreground, background: background ?? self.background, bold: bold ?? self.bold,
      dim: dim ?? self.dim, reverse: reverse ?? self.reverse, underline: underline ?? self.underline)
  }

  /// `over` laid on this style: its non-default colours replace these, attributes add up. So a selected row keeps
  /// the foreground colours of its columns.
  public func merged(under over: Style) -> Style {
    Style(
      foreground: over.foreground.isDefault ? foreground : over.foreground,
      background: over.background.isDefault ? background : over.background,
      bold: bold || over.bold, dim: dim || over.dim, reverse: reverse || over.reverse,
      underline: underline || over.underline)
  }
}
