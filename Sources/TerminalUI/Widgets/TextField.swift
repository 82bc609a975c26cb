/// One line of text being edited: the text and the place of the cursor.
public struct TextField: Hashable, Sendable {
  /// The characters; a line end never gets in.
  public private(set) var characters: [Character]
  /// The cursor stands before the character with this number.
  public private(set) var cursor: Int

  public init(_ text: String = "") {
    characters = TextField.clean(text)
    cursor = characters.count
  }

  public var text: String { String(characters) }
  public var isEmpty: Bool { characters.isEmpty }

  /// Replaces everything; the cursor goes to the end.
  public mutating func set(_ text: String) { self = TextField(text) }

  /// Inserts typed or pasted text; line ends and tabs become spaces, other control characters are dropped.
  public mutating func insert(_ text: String) {
    let new = TextField.clean(text)
    characters.insert(contentsOf: new, at: cursor)
    cursor += new.count
  }

  private static func clean(_ text: String) -> [Character] {
    text.compactMap { character in
      if character.isNewline || character == "\t" { return " " }
      let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
      return isControl ? nil : character
    }
  }

  /// Handles a key of line editing, those of readline included.
  ///
  /// - Returns: whether the key was one of them; `↵`, `Esc`, `Tab`, `↑` and `↓` are left to the owner.
  public mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert(String(character))
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(characters.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = characters.count
    case .alt("b"), .shiftLeft: cursor = wordStart
    case .alt("f"), .shiftRight: cursor = wordEnd
    case .backspace, .control("h"): delete(max(0, cursor - 1)..<cursor)
    case .delete, .control("d"): delete(cursor..<min(characters.count, cursor + 1))
    case .control("w"): delete(wordStart..<cursor)
    case .control("u"): delete(0..<cursor)
    case .control("k"): delete(cursor..<characters.count)
    default: return false
    }
    return true
  }

  private mutating func delete(_ range: Range<Int>) {
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  private var wordStart: Int {
    var index = cursor
    while index > 0, characters[index - 1].isWhitespace { index -= 1 }
    while index > 0, !characters[index - 1].isWhitespace { index -= 1 }
    return index
  }

  private var wordEnd: Int {
    var index = cursor
    while index < characters.count, characters[index].isWhitespace { index += 1 }
    while index < characters.count, !characters[index].isWhitespace { index += 1 }
    return index
  }
}

// MARK: - Drawing

extension TextField {
  /// Draws into the first row of a rectangle, scrolled so that the cursor is visible.
  ///
  /// - Parameters:
  ///   - placeholder: shown dimmed while the field is empty.
  ///   - style: of the text; the field's ground gets its background.
  public func draw(
    into buffer: inout CellBuffer, in rect: Rect, isFocused: Bool = true, placeholder: String = "",
    style: Style = Style(underline: true), theme: Theme = .standard
  ) {
    let line = rect.row(0)
    guard !line.isEmpty else { return }
    buffer.fill(line, with: Cell(glyph: .space, style: style))
    if characters.isEmpty, !placeholder.isEmpty {
      buffer.draw(placeholder, in: line, style: style.merged(under: theme.dimmed))
    }
    let before = characters[..<cursor].reduce(0) { $0 + String($1).displayWidth }
    // The cursor needs a column of its own, two over a wide character.
    let under = cursor < characters.count ? max(1, String(characters[cursor]).displayWidth) : 1
    let scroll = isFocused ? max(0, before + under - line.width) : 0
    if !characters.isEmpty { buffer.write(text, x: line.x - scroll, y: line.y, style: style, clip: line) }
    if isFocused {
      let place = Rect(x: line.x + before - scroll, y: line.y, width: under, height: 1).intersection(line)
      buffer.restyle(place) { $0.with(reverse: true) }
    }
  }
}
