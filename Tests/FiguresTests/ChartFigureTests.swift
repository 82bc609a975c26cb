import Figures
import Heatmaps
import Testing

struct ChartFigureTests {
  private func lines(_ drawing: Drawing) -> [[Point]] {
    drawing.marks.compactMap { mark in
      if case .line(let points, _, _, _) = mark { points } else { nil }
    }
  }

  @Test("Curves run where their numbers say, with gaps where there are none")
  func curves() throws {
    let figure = CurveFigure(
      title: "flipping",
      series: [
        CurveFigure.Series("a", values: [0, 1, .nan, 0.5, 0.25], step: 0.25),
        CurveFigure.Series("", points: [(0, 0.5), (1, 0.5)]),
      ], x: CurveFigure.Axis("share"), y: CurveFigure.Axis("probability"), caption: ["100 pictures"])
    let drawing = try figure.drawing(typewriter)
    // The legend's line, the two parts of the first curve, the second.
    let lines = lines(drawing)
    #expect(lines.map(\.count) == [2, 2, 2, 2])
    #expect(lines[1][0].y > lines[1][1].y)
    #expect(lines[1][0].x == lines[3][0].x)
    #expect(lines[2][1].x == lines[3][1].x)
    #expect(abs(lines[3][0].y - (lines[1][0].y + lines[1][1].y) / 2) < 1e-9)
    for text in ["a", "share", "probability", "0.2", "1.0", "100 pictures"] { #expect(drawing.texts.contains(text)) }
    expectReadable(drawing)
  }

  @Test("Curves without a number are refused; long ones have no markers")
  func curveLimits() throws {
    let axis = CurveFigure.Axis("")
    let log = CurveFigure.Axis("", scale: .logarithmic)
    for (series, y) in [([], axis), ([[.nan, .infinity]], axis), ([[0, -1]], log)] as [([[Double]], CurveFigure.Axis)] {
      let figure = CurveFigure(title: "", series: series.map { .init("", values: $0) }, x: axis, y: y)
      #expect(throws: FigureError.self) { try figure.drawing(typewriter) }
    }
    func discs(_ count: Int) throws -> Int {
      let values = (0..<count).map { Double($0) }
      let figure = CurveFigure(title: "", series: [.init("", values: values)], x: axis, y: axis)
      return try figure.drawing(typewriter).marks.filter { if case .disc = $0 { true } else { false } }.count
    }
    #expect(try discs(CurveFigure.markerLimit) == CurveFigure.markerLimit)
    #expect(try discs(CurveFigure.markerLimit + 1) == 0)
  }

  @Test("Bars are as long as their numbers, missing ones are dashes")
  func bars() throws {
    let figure = BarFigure(
      title: "time", series: ["lrp", "zennit"],
      groups: [
        BarFigure.Group("resnet18", [1, 2]), BarFigure.Group("vgg16", [nil, 4]), BarFigure.Group("odd", [-1, .nan]),
      ],
      valueName: "seconds", reference: 1)
    let drawing = try figure.drawing(typewriter)
    func widths(_ color: RGB) -> [Double] {
      drawing.marks.compactMap { mark in
        if case .fill(let box, color) = mark { box.width } else { nil }
      }
    }
    let first = widths(Ink.series[0])
    let second = widths(Ink.series[1])
    // The legend's box comes first.
    #expect(first.count == 3)
    #expect(second.count == 3)
    #expect(abs(second[2] - 2 * second[1]) <= 1)
    #expect(abs(first[1] - first[2]) <= 1)
    for text in ["resnet18", "seconds", "4.00", "\u{2013}", "nan", "lrp"] { #expect(drawing.texts.contains(text)) }
    expectReadable(drawing)
  }

  @Test("Tables that do not fit are refused")
  func barLimits() throws {
    let odd = BarFigure(title: "", series: ["a", "b"], groups: [.init("g", [1])], valueName: "")
    let error = #expect(throws: FigureError.self) { try odd.drawing(typewriter) }
    #expect(error?.description.contains("1 values in group \"g\", expected 2") == true)
    #expect(throws: FigureError.self) {
      try BarFigure(title: "", series: ["a"], groups: [], valueName: "").drawing(typewriter)
    }
    let groups = (0..<3000).map { BarFigure.Group("\($0)", [1]) }
    #expect(throws: FigureError.self) {
      try BarFigure(title: "many", series: ["a"], groups: groups, valueName: "").drawing(typewriter)
    }
  }
}
