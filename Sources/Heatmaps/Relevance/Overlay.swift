/// Lays a heatmap over the picture it explains.
public struct Overlay: Hashable, Sendable {
  public enum Blending: Hashable, Sendable {
    /// The heatmap covers the picture everywhere to the same extent.
    case uniform
    /// The heatmap covers the picture as far as relevance is strong (``HeatmapScale/strength(_:)``); where there is none, the
    /// picture shows.
    case byStrength
  }

  public var blending: Blending
  /// The largest share of the heatmap, 0…1.
  public var opacity: Double
  /// Whether the picture is drawn in grey, so that all colour is relevance.
  public var graysPicture: Bool

  public init(blending: Blending = .byStrength, opacity: Double = 0.9, graysPicture: Bool = true) {
    self.blending = blending
    self.opacity = min(max(opacity, 0), 1)
    self.graysPicture = graysPicture
  }

  /// The mixture, at the map's size; the picture is brought to that size by area.
  public func callAsFunction(
    _ map: RelevanceMap, over picture: Picture, scale: HeatmapScale, palette: [RGB]
  ) -> Picture {
    let heatmap = Heatmap.rgb(map, scale: scale, palette: palette)
    let ground = picture.resampled(width: map.width, height: map.height)
    guard ground.width == map.width, ground.height == map.height else { return heatmap }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(heatmap.rgb.count)
    for position in map.values.indices {
      var color = ground.pixel(position)
      if graysPicture { color = RGB(color.luma, color.luma, color.luma) }
      let strength = blending == .uniform ? 1 : Double(scale.strength(map.values[position]))
      let mixed = color.mixed(with: heatmap.pixel(position), share: opacity * strength)
      bytes.append(contentsOf: [mixed.red, mixed.green, mixed.blue])
    }
    return Picture(width: map.width, height: map.height, rgb: bytes)
  }
}
