/// A 24-bit colour, or the terminal's own default colour.
///
/// Views always draw in 24-bit colours; ``ColorMode`` maps them to what the terminal can show.
public struct Color: Hashable, Sendable, CustomStringConvertible {
  /// `0xRRGGBB`, or `defaultValue`.
  private let value: UInt32
  private static let defaultValue: UInt32 = 0xFF00_0000

  /// The terminal's own foreground or background.
  public static let `default` = Color(storage: defaultValue)
  public static let black = Color(0x000000)
  public static let white = Color(0xFFFFFF)

  private init(storage: UInt32) { value = storage }

  /// A colour from `0xRRGGBB`; higher bits are ignored.
  public init(_ rgb: UInt32) { value = rgb & 0xFFFFFF }

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    value = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
  }

  public var isDefault: Bool { value == Color.defaultValue }
  /// `0xRRGGBB`, or `nil` for the terminal's default.
  public var rgb: UInt32? { isDefault ? nil : value }
  /// The channels 0…255; 0 for the terminal's default.
  public var red: UInt8 { UInt8(truncatingIfNeeded: value >> 16) }
  public var green: UInt8 { UInt8(truncatingIfNeeded: value >> 8) }
  public var blue: UInt8 { UInt8(truncatingIfNeeded: value) }

  /// Relative brightness in 0…1 (Rec. 601 weights on the stored values, no linearisation).
  public var luminance: Double {
    (0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)) / 255
  }

  /// The colour `fraction` (clamped to 0…1) of the way to `other`, channel by channel. Defaults do not mix:
  /// the nearer end is returned.
  public func mixed(with other: Color, fraction: Double) -> Color {
    let part = fraction.isNaN ? 0 : min(1, max(0, fraction))
    guard !isDefault, !other.isDefault else { return part < 0.5 ? self : other }
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((Double(a) + (Double(b) - Double(a)) * part).rounded()) }
    return Color(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }

  /// `#rrggbb` or `default`.
  public var description: String {
    guard let rgb else { return "default" }
    let digits = String(rgb, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
