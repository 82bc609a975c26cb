/// Characters that show a signed value without colours: filled ones for positive, lines for negative values.
public struct SignRamp: Hashable, Sendable {
  /// From near zero to one.
  public let positive: [Character]
  public let negative: [Character]
  public let zero: Character

  /// `░▒▓█` and `·-=≡`.
  public static let unicode = SignRamp(positive: ["░", "▒", "▓", "█"], negative: ["·", "-", "=", "≡"], zero: " ")
  /// `+*#@` and `-~=%`.
  public static let ascii = SignRamp(positive: ["+", "*", "#", "@"], negative: ["-", "~", "=", "%"], zero: " ")

  public static func ramp(for glyphs: GlyphSet) -> SignRamp { glyphs == .unicode ? .unicode : .ascii }

  /// The character of a value in -1…1; magnitudes below one ninth, and what is not a number, show as zero.
  public func character(for value: Float) -> Character {
    let levels = value < 0 ? negative : positive
    let magnitude = min(1, abs(value))
    guard !value.isNaN, !levels.isEmpty else { return zero }
    let level = Int((magnitude * (Float(levels.count) + 0.5)).rounded())
    return level == 0 ? zero : levels[min(levels.count, level) - 1]
  }
}
