/// The colours of the xterm palette and the search for the nearest one (least squared distance of the channels).
enum Palette {
  /// Numbers 0…15 with xterm's values; users change them, but their order of hue and brightness holds.
  static let first16: [Color] = [
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
    0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
  ].map { Color($0) }

  /// The steps of a channel in the cube 16…231.
  static let cubeSteps = [0, 95, 135, 175, 215, 255]

  static func nearestOf16(_ color: Color) -> UInt8 {
    let best = first16.indices.min { distance(first16[$0], color) < distance(first16[$1], color) }
    return UInt8(best ?? 0)
  }

  /// A number 16…255; 0…15 are left alone because users redefine them.
  static func nearestOf256(_ color: Color) -> UInt8 {
    let (r, g, b) = (nearestStep(color.red), nearestStep(color.green), nearestStep(color.blue))
    let cube = 16 + 36 * r + 6 * g + b
    let mean = (Int(color.red) + Int(color.green) + Int(color.blue)) / 3
    let grey = 232 + min(23, max(0, (mean - 3) / 10))
    return UInt8(distance(rgb(grey), color) < distance(rgb(cube), color) ? grey : cube)
  }

  /// The colour with a number of the 256-colour palette.
  static func rgb(_ index: Int) -> Color {
    switch index {
    case 0..<16: return first16[index]
    case 16..<232:
      let cube = index - 16
      return color(cubeSteps[cube / 36], cubeSteps[cube / 6 % 6], cubeSteps[cube % 6])
    default:
      let level = 8 + 10 * min(23, max(0, index - 232))
      return color(level, level, level)
    }
  }

  private static func color(_ r: Int, _ g: Int, _ b: Int) -> Color {
    Color(red: UInt8(r), green: UInt8(g), blue: UInt8(b))
  }

  /// The nearest of ``cubeSteps``; the limits lie half-way between two steps.
  private static func nearestStep(_ channel: UInt8) -> Int {
    switch channel {
    case 0..<48: 0
    case 48..<115: 1
    default: (Int(channel) - 35) / 40
    }
  }

  private static func distance(_ a: Color, _ b: Color) -> Int {
    let (r, g, b) = (Int(a.red) - Int(b.red), Int(a.green) - Int(b.green), Int(a.blue) - Int(b.blue))
    return r * r + g * g + b * b
  }
}
