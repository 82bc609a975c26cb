/// Columns that text takes on a terminal, after the model of `wcwidth`: scalar by scalar, so that the sum agrees with
/// what curses does.
extension Unicode.Scalar {
  /// 0 for combining marks and invisible format characters, 2 for East Asian wide characters and emoji, else 1.
  /// Control characters count 1, because they are drawn as a replacement character.
  public var displayWidth: Int {
    switch value {
    case 0..<0x300: return value == 0x00AD ? 0 : 1
    case 0x1160...0x11FF, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF: return 0
    case 0x2500...0x25FC: return 1  // box drawing and blocks: by far the most frequent here
    default: break
    }
    if isCombiningMark { return 0 }
    return isWide ? 2 : 1
  }

  /// A mark that belongs to the character before it. Variation selectors do not count: terminals disagree about them.
  var isCombiningMark: Bool {
    guard value >= 0x300, !(0xFE00...0xFE0F).contains(value) else { return false }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return true
    default: return false
    }
  }

  private var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
      0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x20000...0x3FFFD:
      return true
    default:
      return value >= 0x231A && properties.isEmojiPresentation
    }
  }
}

extension StringProtocol {
  /// Columns that the text takes on one line of a terminal.
  public var displayWidth: Int { unicodeScalars.reduce(0) { $0 + $1.displayWidth } }
}

/// The end of a text that gives way when there is not enough room; `…` takes its place.
public enum Truncation: Sendable {
  case head, middle, tail
}

extension String {
  /// The text shortened to at most `width` columns, with `…` where something is missing.
  public func truncated(to width: Int, at truncation: Truncation = .tail) -> String {
    guard width > 0 else { return "" }
    guard displayWidth > width else { return self }
    let room = width - 1
    switch truncation {
    case .tail: return String(leading(room)) + "…"
    case .head: return "…" + String(trailing(room))
    case .middle: return String(leading((room + 1) / 2)) + "…" + String(trailing(room / 2))
    }
  }

  /// The text brought to exactly `width` columns: truncated, or filled with spaces.
  public func fitted(to width: Int, alignment: Alignment = .leading, truncation: Truncation = .tail) -> String {
    let text = truncated(to: width, at: truncation)
    let missing = max(0, width - text.displayWidth)
    let before = alignment.offset(of: missing)
    return String(repeating: " ", count: before) + text + String(repeating: " ", count: missing - before)
  }

  /// The longest beginning that takes at most `width` columns.
  private func leading(_ width: Int) -> Substring {
    var used = 0
    var end = startIndex
    for index in unicodeScalars.indices {
      used += unicodeScalars[index].displayWidth
      if used > width { break }
      end = unicodeScalars.index(after: index)
    }
    return Substring(unicodeScalars[startIndex..<end])
  }

  /// The longest end that takes at most `width` columns.
  private func trailing(_ width: Int) -> Substring {
    var used = 0
    var start = endIndex
    for index in unicodeScalars.indices.reversed() {
      let scalarWidth = unicodeScalars[index].displayWidth
      if used + scalarWidth > width { break }
      used += scalarWidth
      if scalarWidth > 0 { start = index }
    }
    return Substring(unicodeScalars[start..<endIndex])
  }
}

/// Where a text stands in a wider room.
public enum Alignment: Sendable {
  case leading, center, trailing

  /// Columns left free before the text when `missing` columns are to spare.
  func offset(of missing: Int) -> Int {
    switch self {
    case .leading: return 0
    case .center: return max(0, missing) / 2
    case .trailing: return max(0, missing)
    }
  }
}
