import Heatmaps

/// One of the pictures on a sheet of heatmaps.
public struct HeatmapPanel: Sendable {
  public enum Content: Sendable {
    case map(RelevanceMap)
    /// A map laid over the picture it explains.
    case overlay(RelevanceMap, Picture, Overlay)
    /// A picture as it is.
    case picture(Picture)
  }

  /// A line above it; may be empty.
  public var heading: String
  public var content: Content

  public init(_ heading: String, _ content: Content) {
    self.heading = heading
    self.content = content
  }

  /// The map it shows, if it shows one.
  package var map: RelevanceMap? {
    switch content {
    case .map(let map), .overlay(let map, _, _): map
    case .picture: nil
    }
  }

  /// How many columns and rows it has.
  package var size: (width: Int, height: Int) {
    switch content {
    case .map(let map): (map.width, map.height)
    case .picture(let picture): (picture.width, picture.height)
    case .overlay(let map, let picture, _):
      // A coarse map is enlarged to show the picture's detail.
      picture.width > map.width ? (picture.width, picture.height) : (map.width, map.height)
    }
  }

  /// The panel's pixels, one for each column and row.
  package func picture(scale: HeatmapScale, palette: [RGB]) -> Picture {
    switch content {
    case .map(let map): return Heatmap.rgb(map, scale: scale, palette: palette)
    case .picture(let picture): return picture
    case .overlay(let map, let picture, let overlay):
      let enlarged = map.resampled(width: size.width, height: size.height, quantity: .mean)
      return overlay(enlarged, over: picture, scale: scale, palette: palette)
    }
  }
}
