/// Says how wide texts are, which layout has to know.
public struct TextMeasure {
  /// The width in pixels that a text takes in a font.
  package let width: (String, Font) -> Double

  package init(width: @escaping (String, Font) -> Double) { self.width = width }
}

extension TextMeasure {
  /// The text in lines no wider than `width`, broken between words, and within those that are too long for a line.
  /// What does not fit into `lines` lines ends in an ellipsis.
  package func wrapped(_ text: String, _ font: Font, width limit: Double, lines limitOfLines: Int = 12) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in Self.printable(text).split(separator: " ") {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if width(longer, font) <= limit {
        line = longer
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for character in word {
        if !line.isEmpty, width(line + String(character), font) > limit {
          lines.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    if !line.isEmpty { lines.append(line) }
    guard lines.count > max(1, limitOfLines) else { return lines }
    let last = lines[max(1, limitOfLines) - 1]
    return lines.prefix(max(1, limitOfLines) - 1) + [shortened(last + Self.ellipsis, font, width: limit)]
  }

  /// The text on one line no wider than `width`, with an ellipsis for its middle if need be: the ends of a layer's path
  /// tell more than its middle.
  package func shortened(_ text: String, _ font: Font, width limit: Double) -> String {
    let characters = Array(Self.printable(text))
    if width(String(characters), font) <= limit { return String(characters) }
    var (fits, tooMany) = (0, characters.count)
    while tooMany - fits > 1 {
      let middle = (fits + tooMany) / 2
      if width(Self.ends(of: characters, count: middle), font) <= limit { fits = middle } else { tooMany = middle }
    }
    return Self.ends(of: characters, count: fits)
  }

  private static let ellipsis = "\u{2026}"

  private static func ends(of characters: [Character], count: Int) -> String {
    String(characters.prefix((count + 1) / 2)) + ellipsis + String(characters.suffix(count / 2))
  }

  /// The text with a space for everything that is no character of a line, and not longer than can be read.
  package static func printable(_ text: String) -> String {
    let scalars = text.prefix(4000).unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: " " as Unicode.Scalar
      default: scalar
      }
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }
}
