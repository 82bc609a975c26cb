extension Color {
  /// How well one colour can be read on the other: 1 for the same, 21 for black and white (as WCAG 2 defines it).
  public func contrast(with other: Color) -> Double {
    let (a, b) = (lightness, other.lightness)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// What WCAG asks of text.
  public static let readableContrast = 4.5

  /// The colour itself, or the nearest on the way to white (on a light ground: to black) that can be read on a ground,
  /// in 24-bit colour and in what 256 colours have in place of both.
  public func readable(on ground: Color) -> Color {
    guard !isDefault, !ground.isDefault else { return self }
    let end: Color = ground.lightness < 0.18 ? .white : .black
    for step in 0..<20 {
      let color = mixed(with: end, fraction: Double(step) / 20)
      if color.contrast(with: ground) >= Self.readableContrast,
        color.inPalette.contrast(with: ground.inPalette) >= Self.readableContrast
      {
        return color
      }
    }
    return end
  }

  private var inPalette: Color { Palette.rgb(Int(Palette.nearestOf256(self))) }

  /// The light that the colour sends out, 0…1.
  private var lightness: Double {
    0.2126 * Self.light[Int(red)] + 0.7152 * Self.light[Int(green)] + 0.0722 * Self.light[Int(blue)]
  }

  /// The light of a channel's value.
  private static let light: [Double] = (0..<256).map { value in
    let share = Double(value) / 255
    if share <= 0.04045 { return share / 12.92 }
    let base = (share + 0.055) / 1.055
    // base^2.4 is base² times the fifth root of base², here by Newton's steps.
    let square = base * base
    var root = 1.0
    for _ in 0..<40 { root -= (root * root * root * root * root - square) / (5 * root * root * root * root) }
    return square * root
  }
}
