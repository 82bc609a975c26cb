/// How many colours a terminal shows, from the foot of the ladder up.
public enum ColorMode: Int, Hashable, Sendable, Comparable, CaseIterable {
  case monochrome, ansi16, indexed256, trueColor

  public static func < (left: ColorMode, right: ColorMode) -> Bool { left.rawValue < right.rawValue }

  /// The name used in messages.
  public var displayText: String {
    switch self {
    case .monochrome: "monochrome"
    case .ansi16: "16 colours"
    case .indexed256: "256 colours"
    case .trueColor: "24-bit colour"
    }
  }

  /// What this mode shows in place of a colour: the colour itself, or the nearest one of the palette.
  public func nearest(_ color: Color) -> TerminalColor {
    guard let rgb = color.rgb else { return .default }
    switch self {
    case .monochrome: return .default
    case .ansi16: return .index(Palette.nearestOf16(color))
    case .indexed256: return .index(Palette.nearestOf256(color))
    case .trueColor: return .rgb(rgb)
    }
  }

  /// What this mode shows in place of a style. Without colours, a set background becomes reverse video, so that
  /// selections stay visible.
  public func attributes(of style: Style) -> Style {
    guard self == .monochrome else { return style }
    let isHighlighted = style.reverse != !style.background.isDefault
    return Style(bold: style.bold, dim: style.dim, reverse: isHighlighted, underline: style.underline)
  }
}

/// A colour as it is told to a terminal.
public enum TerminalColor: Hashable, Sendable {
  case `default`
  /// A number in the palette of 16 or 256 colours.
  case index(UInt8)
  /// `0xRRGGBB`.
  case rgb(UInt32)
}
