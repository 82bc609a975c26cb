import Heatmaps
import Tensors
import Testing

struct HeatmapTests {
  static let values = (0..<600).map { Float(($0 * 7919) % 601) / 300 - 1 }
  static let map = RelevanceMap(width: 30, height: 20, values: values)

  @Test("A heatmap on screen has the colours of the file", arguments: RelevanceNorm.allCases)
  func equalsImgify(_ norm: RelevanceNorm) throws {
    let colorMap = try ColorMap("coldnhot")
    let scale = HeatmapScale(of: Self.map, norm: norm, percentile: 100)
    let options = ImageOptions(norm: norm, colorMap: colorMap, level: 1.5)
    let image = try imgify(Tensor([20, 30], rowMajor: Self.values), options)
    #expect(Heatmap.rgb(Self.map, scale: scale, colorMap: colorMap, level: 1.5) == image.picture)
    guard case .indexed(let indices, _) = image.pixels else { return }
    #expect(Heatmap.indices(Self.map, scale: scale) == indices)
  }

  @Test("What is no number is painted in a colour of its own")
  func notANumber() throws {
    let map = RelevanceMap(width: 2, height: 1, values: [.nan, 1])
    let picture = Heatmap.rgb(map, scale: HeatmapScale(of: map), colorMap: try ColorMap("bwr"))
    #expect(picture[0, 0] == Heatmap.notANumber)
    for entry in BuiltInColorMaps.all {
      #expect(try !ColorMap(entry.name).table.contains(Heatmap.notANumber))
    }
  }

  @Test("An overlay shows the picture where there is no relevance and the heatmap where there is much")
  func overlay() throws {
    let map = RelevanceMap(width: 3, height: 1, values: [-1, 0, 1])
    let scale = HeatmapScale(of: map, percentile: 100)
    let palette = try ColorMap("bwr").table
    let picture = Picture(width: 6, height: 2, rgb: [UInt8](repeating: 40, count: 36))
    let byStrength = Overlay(opacity: 1)(map, over: picture, scale: scale, palette: palette)
    #expect(byStrength[0, 0] == palette[0])
    #expect(byStrength[1, 0] == RGB(40, 40, 40))
    #expect(byStrength[2, 0] == palette[255])
    let uniform = Overlay(blending: .uniform, opacity: 0.5)(map, over: picture, scale: scale, palette: palette)
    #expect(uniform[0, 0] == RGB(40, 40, 40).mixed(with: palette[0], share: 0.5))
    #expect(uniform[0, 0] == RGB(20, 20, 148))
    let none = Overlay(opacity: -1)(map, over: picture, scale: scale, palette: palette)
    #expect(none.rgb.allSatisfy { $0 == 40 })
  }

  @Test("A colour picture is greyed by luma")
  func gray() throws {
    let map = RelevanceMap(width: 1, height: 1, values: [0])
    let picture = Picture(width: 1, height: 1, rgb: [255, 0, 0])
    let overlay = Overlay(opacity: 0)(
      map, over: picture, scale: HeatmapScale(of: map), palette: try ColorMap("bwr").table)
    #expect(overlay.rgb == [76, 76, 76])
    let colored = Overlay(opacity: 0, graysPicture: false)
    #expect(
      colored(map, over: picture, scale: HeatmapScale(of: map), palette: try ColorMap("bwr").table).rgb == picture.rgb)
  }
}
