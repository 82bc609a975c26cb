import Figures
import Heatmaps
import Testing

/// Several heatmaps in one figure.
struct PanelsTests {
  @Test("Maps side by side are on one scale")
  func oneScale() throws {
    let (a, b) = (bumps(28, 28), bumps(28, 28, shift: 0.2))
    let difference = try #require(b.minus(a))
    let colorMap = try ColorMap("bwr")
    let figure = HeatmapFigure(
      title: "two",
      panels: [
        HeatmapPanel("A: epsilon", .map(a)), HeatmapPanel("B: gamma", .map(b)),
        HeatmapPanel("B \u{2212} A", .map(difference)),
      ], colorMap: colorMap)
    let drawing = try figure.drawing(typewriter)
    let pictures = HeatmapFigureTests.pictures(drawing)
    #expect(figure.scale == HeatmapScale(of: [a, b, difference]))
    for (index, map) in [a, b, difference].enumerated() {
      #expect(pictures[index].picture == Heatmap.rgb(map, scale: figure.scale, colorMap: colorMap))
    }
    #expect(pictures[0].y == pictures[2].y)
    for text in ["A: epsilon", "B: gamma", "B \u{2212} A"] { #expect(drawing.texts.contains(text)) }
    expectReadable(drawing)
  }

  @Test("Rows are filled evenly")
  func rows() throws {
    #expect([0, 1, 6, 7, 8, 12, 13].map(HeatmapFigure.columns) == [1, 1, 6, 4, 4, 6, 5])
    let values = ["0", "0.25", "0.5", "1", "2", "4", "8"]
    let figure = HeatmapFigure(
      title: "sweep", panels: values.map { HeatmapPanel("gamma \($0)", .map(bumps(28, 28))) },
      colorMap: try ColorMap("bwr"))
    let drawing = try figure.drawing(typewriter)
    for value in values { #expect(drawing.texts.contains("gamma \(value)")) }
    let pictures = HeatmapFigureTests.pictures(drawing)
    // Seven maps in rows of four and three, and the bar.
    #expect(pictures.count == 8)
    #expect(pictures[0].x == pictures[4].x)
    #expect(pictures[3].y < pictures[4].y)
    expectReadable(drawing)
  }

  @Test("Maps with scales of their own say which")
  func ownScales() throws {
    let maps = [
      RelevanceMap(width: 2, height: 1, values: [-4, 1]), RelevanceMap(width: 2, height: 1, values: [2e-8, 0]),
    ]
    var figure = HeatmapFigure(
      title: "", panels: maps.map { HeatmapPanel("gamma", .map($0)) }, colorMap: try ColorMap("bwr"))
    figure.scale = HeatmapScale(of: maps, percentile: 100)
    figure.ownScales = true
    let drawing = try figure.drawing(typewriter)
    for text in ["\u{B1}4.00", "\u{B1}2.00e-08", "max", "-max", "0"] {
      #expect(drawing.texts.contains(text), "\(text)")
    }
    #expect(drawing.texts.joined(separator: " ").contains("each map has a scale of its own"))
    let pictures = HeatmapFigureTests.pictures(drawing)
    #expect(pictures[0].picture[0, 0] == RGB(0, 0, 255))
    #expect(pictures[1].picture[0, 0] == RGB(255, 0, 0))
    expectReadable(drawing)
    figure.scale = HeatmapScale(of: maps, norm: .absolute, percentile: 100)
    let absolute = try figure.drawing(typewriter)
    for text in ["0 to 4.00", "0 to 2.00e-08", "|relevance|"] { #expect(absolute.texts.contains(text), "\(text)") }
    figure.scale = HeatmapScale(of: maps, norm: .unaligned, percentile: 100)
    let unaligned = try figure.drawing(typewriter).texts
    for text in ["-4.00 to 1.00", "0 to 2.00e-08", "min", "max"] { #expect(unaligned.contains(text), "\(text)") }
    #expect(!unaligned.contains("0"))
  }
}
