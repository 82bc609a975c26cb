/// Text in letters several rows high, readable from the last row of a lecture room.
///
/// The largest size is taken in which every word has room; what fits in none is written as usual text. Nothing is cut
/// unless even that has no room, and then it says so with `…`.
public struct BigText: Sendable {
  /// How large a letter is drawn.
  public enum Size: Int, CaseIterable, Sendable {
    /// A pixel is a whole cell high: letters of 12x8 cells.
    case huge
    /// Letters of 6x4 cells, square pixels; without Unicode `#` and 6x8 cells.
    case large
    /// Letters of 3x4 cells, of quarter blocks; without Unicode of half a character, and 6x4 cells.
    case narrow
    /// Usual text.
    case plain
  }

  /// How a text is broken into lines.
  public struct Fit: Hashable, Sendable {
    public var size: Size
    public var lines: [String]
    /// In cells.
    public var width: Int
    public var height: Int
    /// Whether something had no room.
    public var isCut: Bool

    package init(size: Size, lines: [String], width: Int, height: Int, isCut: Bool = false) {
      self.size = size
      self.lines = lines
      self.width = width
      self.height = height
      self.isCut = isCut
    }
  }

  public var text: String
  public var style: Style
  public var capabilities: DisplayCapabilities
  /// Sizes above this one are not used.
  public var largest: Size

  public init(
    _ text: String, style: Style = .plain, capabilities: DisplayCapabilities = .full, largest: Size = .huge
  ) {
    self.text = text
    self.style = style
    self.capabilities = capabilities
    self.largest = largest
  }

  // MARK: - Fitting

  /// The largest size in which the text has room.
  public func fit(width: Int, height: Int) -> Fit {
    let letters = Self.letters(text)
    if let letters {
      for size in Size.allCases where size != .plain && size.rawValue >= largest.rawValue {
        let cell = cells(size)
        guard let lines = Self.wrap(letters, to: (width + cell.gap) / cell.width), !lines.isEmpty else { continue }
        let rows = lines.count * cell.height
        guard rows <= height else { continue }
        let widest = lines.map(\.count).max() ?? 0
        return Fit(size: size, lines: lines, width: widest * cell.width - cell.gap, height: rows)
      }
    }
    let wrapped = StyledText(text).wrapped(to: max(1, width))
    var lines = wrapped.prefix(max(0, height)).map(\.text)
    let isCut = wrapped.count > lines.count
    if isCut, let last = lines.indices.last { lines[last] = (lines[last] + " …").truncated(to: width) }
    return Fit(
      size: .plain, lines: lines, width: lines.map(\.displayWidth).max() ?? 0, height: lines.count, isCut: isCut)
  }

  /// The size of a letter in cells with the gap behind it, and the gap.
  private func cells(_ size: Size) -> (width: Int, height: Int, gap: Int) {
    let isUnicode = capabilities.glyphs == .unicode
    switch size {
    case .huge: return (12, 8, 2)
    case .large: return (6, isUnicode ? 4 : 8, 1)
    case .narrow: return (isUnicode ? 3 : 6, 4, isUnicode ? 0 : 1)
    case .plain: return (1, 1, 0)
    }
  }

  /// The text in characters that there are letters for; `nil` if there are none for some of it.
  private static func letters(_ text: String) -> String? {
    var result = ""
    for character in text {
      if BigFont.rows(character) != nil {
        result.append(character)
        continue
      }
      guard character.unicodeScalars.count == 1 else { return nil }
      let plain = Character(GlyphSet.ascii.replacement(for: Glyph(character)).scalar)
      guard plain != "?", BigFont.rows(plain) != nil else { return nil }
      result.append(plain)
    }
    return result
  }

  /// - Returns: `nil` if a word is longer than a line.
  private static func wrap(_ text: String, to length: Int) -> [String]? {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      guard word.count <= length else { return nil }
      if let last = lines.last, last.count + 1 + word.count <= length {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  // MARK: - Drawing

  /// Draws with the first letter at the corner of the rectangle.
  @discardableResult
  public func draw(into buffer: inout CellBuffer, in rect: Rect) -> Fit {
    let fit = fit(width: rect.width, height: rect.height)
    let cell = cells(fit.size)
    for (row, line) in fit.lines.enumerated() {
      guard fit.size != .plain else {
        buffer.write(line, x: rect.x, y: rect.y + row, style: style, clip: rect)
        continue
      }
      for (column, character) in line.enumerated() {
        let place = Rect(
          x: rect.x + column * cell.width, y: rect.y + row * cell.height, width: cell.width, height: cell.height)
        draw(BigFont.rows(character) ?? [], fit.size, into: &buffer, in: place, clip: rect)
      }
    }
    return fit
  }

  private func draw(_ rows: [UInt8], _ size: Size, into buffer: inout CellBuffer, in place: Rect, clip: Rect) {
    func isSet(_ x: Int, _ y: Int) -> Bool {
      x < BigFont.width && rows.indices.contains(y) && rows[y] >> UInt8(BigFont.width - 1 - x) & 1 == 1
    }
    let area = place.intersection(clip)
    for y in area.rows {
      for x in area.columns {
        let (column, row) = (x - place.x, y - place.y)
        let glyph = glyph(size, column, row, isSet)
        if glyph != " " { buffer.write(String(glyph), x: x, y: y, style: style, clip: clip) }
      }
    }
  }

  private static let quarters: [Character] = Array(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")

  private func glyph(_ size: Size, _ x: Int, _ y: Int, _ isSet: (Int, Int) -> Bool) -> Character {
    let isUnicode = capabilities.glyphs == .unicode
    let full: Character = isUnicode ? "█" : "#"
    switch size {
    case .huge: return isSet(x / 2, y) ? full : " "
    case .large where !isUnicode: return isSet(x, y) ? full : " "
    case .narrow where isUnicode:
      let bits = [isSet(2 * x, 2 * y), isSet(2 * x + 1, 2 * y), isSet(2 * x, 2 * y + 1), isSet(2 * x + 1, 2 * y + 1)]
      return Self.quarters[bits.enumerated().reduce(0) { $0 + ($1.element ? 1 << $1.offset : 0) }]
    case .large, .narrow:
      switch (isSet(x, 2 * y), isSet(x, 2 * y + 1)) {
      case (true, true): return full
      case (true, false): return isUnicode ? "▀" : "\""
      case (false, true): return isUnicode ? "▄" : "_"
      case (false, false): return " "
      }
    case .plain: return " "
    }
  }
}
