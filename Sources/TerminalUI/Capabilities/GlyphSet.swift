/// Which characters a terminal shows.
public enum GlyphSet: Hashable, Sendable {
  /// Everything (a UTF-8 locale).
  case unicode
  /// ASCII only.
  case ascii
}

/// What a terminal can show; views that look different on poorer terminals take it as a parameter.
public struct DisplayCapabilities: Hashable, Sendable {
  public var colorMode: ColorMode
  public var glyphs: GlyphSet

  /// 24-bit colour and Unicode.
  public static let full = DisplayCapabilities(colorMode: .trueColor, glyphs: .unicode)

  public init(colorMode: ColorMode, glyphs: GlyphSet) {
    self.colorMode = colorMode
    self.glyphs = glyphs
  }
}
