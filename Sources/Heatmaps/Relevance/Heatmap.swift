/// Turns relevance into colours.
public enum Heatmap {
  /// What a position without a number (NaN) is painted with; no built-in map contains it.
  public static let notANumber = RGB.magenta

  /// One entry 0…255 of a palette per value: its place on the scale, rounded down. NaN becomes 0.
  public static func indices(_ map: RelevanceMap, scale: HeatmapScale) -> [UInt8] {
    map.values.map { byte(truncating: Double(scale.normalized($0)) * 255) }
  }

  /// The map as a picture of the same size.
  ///
  /// Equal to what ``imgify`` gives with the scale's bounds, but for NaN, which is painted ``notANumber``.
  /// - Parameter level: see ``ColorMap/palette(level:)``.
  public static func rgb(_ map: RelevanceMap, scale: HeatmapScale, colorMap: ColorMap, level: Double = 1) -> Picture {
    rgb(map, scale: scale, palette: colorMap.palette(level: level))
  }

  /// The same with a palette at hand, for redrawing often.
  /// - Precondition: `palette` has 256 entries.
  public static func rgb(_ map: RelevanceMap, scale: HeatmapScale, palette: [RGB]) -> Picture {
    precondition(palette.count == 256)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * map.values.count)
    for value in map.values {
      let color = value.isNaN ? notANumber : palette[Int(byte(truncating: Double(scale.normalized(value)) * 255))]
      bytes.append(color.red)
      bytes.append(color.green)
      bytes.append(color.blue)
    }
    return Picture(width: map.width, height: map.height, rgb: bytes)
  }
}
