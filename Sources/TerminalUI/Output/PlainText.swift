extension CellBuffer {
  /// The characters without styles, one line per row, trailing spaces removed.
  public func plainText(glyphs: GlyphSet = .unicode) -> String {
    (0..<height).map { lineText($0, glyphs: glyphs).trimmedAtEnd + "\n" }.joined()
  }

  /// The characters of one row, trailing spaces included.
  func lineText(_ y: Int, glyphs: GlyphSet = .unicode) -> String {
    row(y).map { glyphs.replacement(for: $0.glyph).text }.joined()
  }
}

extension String {
  /// The text without spaces at its end.
  var trimmedAtEnd: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
