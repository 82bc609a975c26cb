/// What one cell shows: a printable scalar with up to two combining marks.
///
/// A plain value without reference counting, so that buffers of cells are cheap to fill and to compare.
public struct Glyph: Hashable, Sendable {
  public let scalar: Unicode.Scalar
  private var firstMark: UInt32 = 0
  private var secondMark: UInt32 = 0

  public static let space = Glyph(unchecked: " ")
  /// The right half of a glyph of width two.
  public static let continuation = Glyph(unchecked: "\0")
  /// Stands for what cannot be shown.
  public static let replacement = Glyph(unchecked: "\u{FFFD}")

  private init(unchecked scalar: Unicode.Scalar) { self.scalar = scalar }

  /// A glyph from untrusted text: control characters become U+FFFD and zero-width scalars a space, so that nothing
  /// from a file can reach the terminal as an escape sequence.
  public init(scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x20..<0x7F: self.scalar = scalar
    case 0x09: self.scalar = " "
    case 0..<0x20, 0x7F..<0xA0: self.scalar = "\u{FFFD}"
    default: self.scalar = scalar.displayWidth == 0 ? " " : scalar
    }
  }

  public init(_ character: Character) {
    let scalars = character.unicodeScalars
    self.init(scalar: scalars.first ?? " ")
    for mark in scalars.dropFirst() { combine(mark) }
  }

  /// The combining marks, at most two.
  public var marks: [Unicode.Scalar] { [firstMark, secondMark].filter { $0 != 0 }.compactMap(Unicode.Scalar.init) }
  public var hasMarks: Bool { firstMark != 0 }

  /// Adds a combining mark; a third one, and invisible format characters, are dropped.
  public mutating func combine(_ mark: Unicode.Scalar) {
    guard mark.isCombiningMark, self != .continuation else { return }
    if firstMark == 0 {
      firstMark = mark.value
    } else if secondMark == 0 {
      secondMark = mark.value
    }
  }

  /// Columns: 1 or 2, and 0 for a continuation.
  public var width: Int { self == .continuation ? 0 : max(1, scalar.displayWidth) }

  /// The text of the glyph; empty for a continuation.
  public var text: String {
    guard self != .continuation else { return "" }
    var text = String(scalar)
    if hasMarks { text.unicodeScalars.append(contentsOf: marks) }
    return text
  }
}
