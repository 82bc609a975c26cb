/// One character position of the screen.
public struct Cell: Hashable, Sendable {
  public var glyph: Glyph
  public var style: Style

  /// A space in the terminal's own colours.
  public static let blank = Cell(glyph: .space)

  public init(glyph: Glyph, style: Style = .plain) {
    self.glyph = glyph
    self.style = style
  }

  public init(_ character: Character, style: Style = .plain) {
    self.init(glyph: Glyph(character), style: style)
  }

  /// The text shown; empty for the right half of a wide glyph.
  public var text: String { glyph.text }
}
