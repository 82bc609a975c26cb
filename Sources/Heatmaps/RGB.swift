/// One 8-bit sRGB colour.
public struct RGB: Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  public static let black = RGB(0, 0, 0)
  public static let white = RGB(255, 255, 255)
  public static let magenta = RGB(255, 0, 255)

  /// The colour between `self` (0) and `other` (1), each channel rounded to the nearest value.
  public func mixed(with other: RGB, share: Double) -> RGB {
    func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
      byte(rounding: Double(from) + (Double(to) - Double(from)) * share)
    }
    return RGB(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }

  /// Luma by the weights of ITU-R BT.601, which is what picture programs mean by greyscale.
  public var luma: UInt8 {
    byte(rounding: 0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue))
  }
}

/// `value` cut off to 0…255 and rounded towards zero; NaN becomes 0.
@inline(__always)
func byte(truncating value: Double) -> UInt8 {
  value >= 255 ? 255 : value > 0 ? UInt8(value) : 0
}

/// `value` cut off to 0…255 and rounded to the nearest; NaN becomes 0.
@inline(__always)
func byte(rounding value: Double) -> UInt8 { byte(truncating: value + 0.5) }
