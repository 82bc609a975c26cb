import Figures
import Heatmaps
import Testing

struct HeatmapFigureTests {
  /// The pictures of a drawing with their places.
  static func pictures(_ drawing: Drawing) -> [(picture: Picture, x: Int, y: Int, cell: CellSize)] {
    drawing.marks.compactMap { mark in
      if case .picture(let picture, let x, let y, let cell) = mark { (picture, x, y, cell) } else { nil }
    }
  }

  @Test(
    "Every pixel of a cell has the colour of its value", arguments: [(7, 7), (28, 28), (224, 224), (300, 80), (10, 1)])
  func exact(_ width: Int, _ height: Int) throws {
    let map = bumps(width, height)
    let scale = HeatmapScale(of: map, percentile: 100)
    let colorMap = try ColorMap("coldnhot")
    let figure = HeatmapFigure(title: "exact", map: map, scale: scale, colorMap: colorMap)
    let page = try rendered(figure)
    let drawing = try figure.drawing(typewriter)
    let expected = Heatmap.rgb(map, scale: scale, colorMap: colorMap)
    let placed = try #require(Self.pictures(drawing).first)
    #expect(placed.picture == expected)
    #expect(placed.cell.width >= 1)
    // The fonts move things up and down, but not to the side.
    let top = try #require(Self.top(of: expected, on: page, x: placed.x, cell: placed.cell))
    var wrong = 0
    for y in 0..<height * placed.cell.height {
      for x in 0..<width * placed.cell.width
      where page[placed.x + x, top + y] != expected[x / placed.cell.width, y / placed.cell.height] { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  /// The row below the frame's upper line.
  private static func top(of map: Picture, on page: Picture, x: Int, cell: CellSize) -> Int? {
    let frame = RGB(0x99, 0x99, 0x99)
    return (1..<page.height).first { row in
      page[x, row - 1] == frame && page[x + map.width * cell.width - 1, row - 1] == frame
        && page[x, row] == map[0, 0]
    }
  }

  @Test("Cells are whole, and about as large as the place for them")
  func cells() {
    #expect(PanelGrid.cell(for: (7, 7), side: 448) == CellSize(width: 64, height: 64))
    #expect(PanelGrid.cell(for: (224, 224), side: 448) == CellSize(width: 2, height: 2))
    #expect(PanelGrid.cell(for: (299, 299), side: 448) == CellSize(width: 1, height: 1))
    #expect(PanelGrid.cell(for: (1000, 800), side: 448) == CellSize(width: 1, height: 1))
    #expect(PanelGrid.cell(for: (784, 1), side: 448) == CellSize(width: 1, height: 32))
    #expect(PanelGrid.cell(for: (1, 1), side: 448) == CellSize(width: 448, height: 448))
  }

  @Test("Grids have rows and columns as wide as what is in them")
  func grid() {
    let grid = PanelGrid(sizes: [(7, 7), (14, 7), (7, 14), (1, 1)], columns: 3, side: 140, minimumWidth: 100)
    #expect(grid.columns == 3)
    #expect(grid.columnWidths == [140, 140, 100])
    #expect(grid.rowHeights == [140, 140])
    #expect(PanelGrid(sizes: [(7, 7)], columns: 0, side: 140, minimumWidth: 0).columns == 1)
    #expect(PanelGrid(sizes: [(7, 7)], columns: 9, side: 140, minimumWidth: 0).columns == 1)
  }

  @Test("The numbers of the scale and the caption are on the page, within it and apart from each other")
  func texts() throws {
    let scale = HeatmapScale(norm: .symmetric, lower: -0.0132, upper: 0.0132, percentile: 99)
    let figure = HeatmapFigure(
      title: "A cat", map: bumps(28, 28), picture: Picture(width: 2, height: 2, rgb: .init(repeating: 9, count: 12)),
      scale: scale, colorMap: try ColorMap("bwr"), caption: ["model: fashion_cnn", "", "target: 9 ankle boot"])
    let drawing = try figure.drawing(typewriter)
    for text in ["A cat", "input", "relevance", "0.0132", "0", "-0.0132"] { #expect(drawing.texts.contains(text)) }
    let caption = drawing.texts.joined(separator: "\n")
    #expect(caption.contains("model: fashion_cnn"))
    #expect(caption.contains("colours end at percentile 99 of |R|"))
    expectReadable(drawing)
  }

  @Test("NaN is explained where there is one, clipping where there is clipping")
  func notes() throws {
    let map = RelevanceMap(width: 2, height: 1, values: [.nan, 1])
    let figure = HeatmapFigure(
      title: "", map: map, scale: HeatmapScale(of: map, percentile: 100), colorMap: try ColorMap("bwr"))
    let texts = try figure.drawing(typewriter).texts.joined(separator: " ")
    #expect(texts.contains("magenta: not a number"))
    #expect(!texts.contains("percentile"))
  }

  @Test("An overlay shows the picture's detail under a coarse map")
  func overlay() throws {
    let picture = Picture(width: 8, height: 8, rgb: (0..<64).flatMap { [UInt8($0), UInt8($0), UInt8($0)] })
    let map = RelevanceMap(width: 2, height: 2, values: [0, 0, 0, 1])
    let scale = HeatmapScale(of: map, percentile: 100)
    let figure = HeatmapFigure(
      title: "", panels: [HeatmapPanel("", .overlay(map, picture, Overlay()))], scale: scale,
      colorMap: try ColorMap("bwr"))
    let drawn = try #require(Self.pictures(figure.drawing(typewriter)).first).picture
    #expect((drawn.width, drawn.height) == (8, 8))
    #expect(drawn[3, 0] == RGB(3, 3, 3))
    #expect(try #require(drawn[7, 7]).red > 200)
  }

  @Test("Nothing to show, and too much")
  func refused() throws {
    let colorMap = try ColorMap("bwr")
    let empty = RelevanceMap(width: 0, height: 0, values: [])
    #expect(throws: FigureError.self) {
      try HeatmapFigure(title: "", map: empty, colorMap: colorMap).drawing(typewriter)
    }
    #expect(throws: FigureError.self) {
      try HeatmapFigure(title: "", panels: [], colorMap: colorMap).drawing(typewriter)
    }
    let long = RelevanceMap(width: 20_000, height: 1, values: .init(repeating: 1, count: 20_000))
    let error = #expect(throws: FigureError.self) {
      try HeatmapFigure(title: "long", map: long, colorMap: colorMap).drawing(typewriter)
    }
    #expect(error?.description.contains("20000 x 32 pixels") == true)
  }

  @Test("Labels of any length stay on the page")
  func longTexts() throws {
    let figure = HeatmapFigure(
      title: String(repeating: "epsilon_gamma_box ", count: 40),
      panels: [HeatmapPanel(String(repeating: "x", count: 500), .map(bumps(7, 7)))],
      colorMap: try ColorMap("bwr"), caption: [String(repeating: "/very/long/path", count: 100)],
      style: FigureStyle(textSize: .nan, pixelsPerPoint: 99))
    #expect(figure.style == FigureStyle(textSize: 9, pixelsPerPoint: 8))
    expectReadable(try figure.drawing(typewriter))
  }
}
