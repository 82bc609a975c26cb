/// Which characters a terminal shows.
public enum GlyphSet: Hashable, Sendable {
  /// Everything (a UTF-8 locale).
  case unicode
  /// ASCII only.
  case ascii

  /// What this set shows in place of a glyph. In ASCII, boxes and blocks become the characters usual for them;
  /// letters with marks lose their marks; anything else becomes `?`, and the second half of a wide glyph a space.
  public func replacement(for glyph: Glyph) -> Glyph {
    guard self == .ascii else { return glyph }
    if glyph.scalar.value < 0x7F { return glyph == .continuation ? .space : Glyph(scalar: glyph.scalar) }
    return Glyph(scalar: GlyphSet.asciiScalar(for: glyph.scalar))
  }

  private static func asciiScalar(for scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "─", "━", "═", "–", "—", "−", "┄", "╌": "-"
    case "│", "┃", "║", "▏", "▕", "┆": "|"
    case "┌", "┐", "└", "┘", "├", "┤", "┬", "┴", "┼", "╭", "╮", "╰", "╯": "+"
    case "█", "▉", "▊", "▓", "▇", "▆", "■", "▪": "#"
    case "▋", "▌", "▒", "▅", "▄", "▐": "="
    case "▍", "▎", "░", "▃", "▂": "-"
    case "▁": "_"
    case "▀": "\""
    case "…", "·", "•", "⋅", "◦": "."
    case "→", "›", "▶", "▸", "»": ">"
    case "←", "‹", "◀", "◂", "«": "<"
    case "↑", "▲", "▴": "^"
    case "↓", "▼", "▾": "v"
    case "↵": "<"
    case "⌫": "<"
    case "✓", "✔": "*"
    case "✗", "✘", "×": "x"
    case "±", "≡", "Σ": scalar == "Σ" ? "S" : "="
    case "≤": "<"
    case "≥": ">"
    case "⁺": "+"
    case "ᴮ": "B"
    case "⁻": "-"
    case "²": "2"
    case "γ": "g"
    case "ε": "e"
    case "α": "a"
    case "β": "b"
    case "‘", "’", "′": "'"
    case "“", "”", "″": "\""
    case "\u{00A0}": " "
    default: baseLetter(of: scalar)
    }
  }

  /// The letter under an accent (`é` → `e`), or `?`.
  private static func baseLetter(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    let name = scalar.properties.name ?? ""
    guard let latin = name.range(ofFirst: "LATIN "), let with = name.range(ofFirst: " WITH ") else { return "?" }
    let words = name[latin.upperBound..<with.lowerBound].split(separator: " ")
    guard words.count == 3, words[1] == "LETTER", words[2].unicodeScalars.count == 1,
      let letter = words[2].unicodeScalars.first
    else { return "?" }
    return words[0] == "SMALL" ? Unicode.Scalar(letter.value + 32) ?? "?" : letter
  }
}

extension String {
  /// The place of the first occurrence of a short ASCII text; the standard library has none without Foundation.
  fileprivate func range(ofFirst text: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
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

  /// What is shown in place of a cell: its glyph and attributes brought to these capabilities, colours still 24-bit.
  public func shown(_ cell: Cell) -> Cell {
    Cell(glyph: glyphs.replacement(for: cell.glyph), style: colorMode.attributes(of: cell.style))
  }
}
