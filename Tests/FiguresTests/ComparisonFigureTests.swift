import Figures
import Heatmaps
import Testing

struct ComparisonFigureTests {
  @Test("A, B and their difference, on one scale")
  func panels() throws {
    let (a, b) = (bumps(28, 28), bumps(28, 28, shift: 0.2))
    let colorMap = try ColorMap("bwr")
    let figure = ComparisonFigure(title: "two", a: ("epsilon", a), b: ("gamma", b), colorMap: colorMap)
    let drawing = try figure.drawing(typewriter)
    let pictures = HeatmapFigureTests.pictures(drawing)
    let difference = try #require(b.minus(a))
    #expect(figure.scale == HeatmapScale(of: [a, b, difference]))
    for (index, map) in [a, b, difference].enumerated() {
      #expect(pictures[index].picture == Heatmap.rgb(map, scale: figure.scale, colorMap: colorMap))
    }
    #expect(pictures[0].y == pictures[2].y)
    for text in ["A: epsilon", "B: gamma", "B \u{2212} A"] { #expect(drawing.texts.contains(text)) }
    expectReadable(drawing)
  }

  @Test("Maps of different sizes have no difference")
  func mismatch() throws {
    let figure = ComparisonFigure(title: "", a: ("", bumps(7, 7)), b: ("", bumps(8, 7)), colorMap: try ColorMap("bwr"))
    let error = #expect(throws: FigureError.self) { try figure.encoded(as: .png) }
    #expect(error?.description == "comparison: found maps of 7 x 7 and 8 x 7 values, expected two maps of one size")
  }

  @Test("A sweep names its parameter and fills rows evenly")
  func sweep() throws {
    #expect([0, 1, 6, 7, 8, 12, 13].map(SweepFigure.columns) == [1, 1, 6, 4, 4, 6, 5])
    let values = ["0", "0.25", "0.5", "1", "2", "4", "8"]
    let figure = SweepFigure(
      title: "sweep", parameter: "gamma", steps: values.map { SweepFigure.Step($0, bumps(28, 28)) },
      colorMap: try ColorMap("bwr"))
    let drawing = try figure.drawing(typewriter)
    for value in values { #expect(drawing.texts.contains("gamma = \(value)")) }
    let pictures = HeatmapFigureTests.pictures(drawing)
    // Seven maps in rows of four and three, and the bar.
    #expect(pictures.count == 8)
    #expect(pictures[0].x == pictures[4].x)
    #expect(pictures[3].y < pictures[4].y)
    expectReadable(drawing)
  }

  @Test("Maps with scales of their own say which")
  func ownScales() throws {
    let steps = [
      SweepFigure.Step("0", RelevanceMap(width: 2, height: 1, values: [-4, 1])),
      SweepFigure.Step("1", RelevanceMap(width: 2, height: 1, values: [2e-8, 0])),
    ]
    let colorMap = try ColorMap("bwr")
    var figure = SweepFigure(title: "", parameter: "gamma", steps: steps, colorMap: colorMap)
    figure.scale = HeatmapScale(of: steps.map(\.map), percentile: 100)
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
    figure.scale = HeatmapScale(of: steps.map(\.map), norm: .absolute, percentile: 100)
    let absolute = try figure.drawing(typewriter)
    for text in ["0 to 4.00", "0 to 2.00e-08", "|relevance|"] { #expect(absolute.texts.contains(text), "\(text)") }
    figure.scale = HeatmapScale(of: steps.map(\.map), norm: .unaligned, percentile: 100)
    let unaligned = try figure.drawing(typewriter).texts
    for text in ["-4.00 to 1.00", "0 to 2.00e-08", "min", "max"] { #expect(unaligned.contains(text), "\(text)") }
    #expect(!unaligned.contains("0"))
  }
}
