/// Text wrapped at word boundaries, as many lines as fit from a scroll offset on.
public struct Paragraph: Sendable {
  public var lines: [StyledText]
  /// Wrapped lines skipped at the top.
  public var offset: Int
  public var style: Style
  public var alignment: Alignment

  public init(_ lines: [StyledText], offset: Int = 0, style: Style = .plain, alignment: Alignment = .leading) {
    self.lines = lines
    self.offset = max(0, offset)
    self.style = style
    self.alignment = alignment
  }

  /// Text with line ends.
  public init(_ text: String, offset: Int = 0, style: Style = .plain, alignment: Alignment = .leading) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    self.init(lines.map { StyledText(String($0)) }, offset: offset, style: style, alignment: alignment)
  }

  /// The lines after wrapping at `width` columns.
  public func wrapped(to width: Int) -> [StyledText] { lines.flatMap { $0.wrapped(to: width) } }

  /// - Returns: the number of wrapped lines, visible or not.
  @discardableResult
  public func draw(into buffer: inout CellBuffer, in rect: Rect) -> Int {
    let wrapped = wrapped(to: rect.width)
    for (row, line) in wrapped.dropFirst(offset).prefix(rect.height).enumerated() {
      buffer.draw(line, in: rect.row(row), base: style, alignment: alignment)
    }
    return wrapped.count
  }
}

extension StyledText {
  /// The text in lines of at most `width` columns, broken at spaces where possible; continuation lines keep the
  /// indentation of the first. Never empty; a width of 0 gives one empty line.
  public func wrapped(to width: Int) -> [StyledText] {
    guard width > 0 else { return [StyledText()] }
    guard displayWidth > width else { return [self] }
    // Word by word; a word is what stands between spaces, whatever its styles.
    var cells: [(scalar: Unicode.Scalar, style: Style)] = []
    for span in spans { cells += span.text.unicodeScalars.map { ($0, span.style) } }
    let indent = min(cells.prefix { $0.scalar == " " }.count, width / 2)
    var result: [StyledText] = []
    var start = 0
    while start < cells.count {
      let margin = result.isEmpty ? 0 : indent
      var used = margin
      var end = start
      var lastBreak: Int?
      while end < cells.count, used + cells[end].scalar.displayWidth <= width {
        if cells[end].scalar == " ", end > start { lastBreak = end }
        used += cells[end].scalar.displayWidth
        end += 1
      }
      if end < cells.count, cells[end].scalar != " ", let lastBreak { end = lastBreak }
      if end == start { end += 1 }  // wider than the line: drawing clips it
      var line = margin > 0 ? StyledText(String(repeating: " ", count: margin)) : StyledText()
      for (scalar, style) in cells[start..<end] { line.append(scalar, style) }
      line.trimTrailingSpaces()
      result.append(line)
      start = end
      while start < cells.count, cells[start].scalar == " " { start += 1 }
    }
    return result
  }

  private mutating func append(_ scalar: Unicode.Scalar, _ style: Style) {
    if let last = spans.indices.last, spans[last].style == style {
      spans[last].text.unicodeScalars.append(scalar)
    } else {
      append(String(scalar), style)
    }
  }

  private mutating func trimTrailingSpaces() {
    guard let last = spans.indices.last else { return }
    while spans[last].text.last == " " { spans[last].text.removeLast() }
  }
}
