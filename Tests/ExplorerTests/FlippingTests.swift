import Explorer
import LRP
import TerminalUI
import Testing

/// Pixel-flipping curves, and the rectangle on the picture.
struct FlippingTests {
  private static func curve(_ bend: Double) -> FlippingCurve {
    FlippingCurve(
      points: (0...20).map { step in
        let x = Double(step) / 20
        let y = 1 / (1 + bend * x)
        return FlippingCurve.Point(fraction: x, logit: 9 * y - 2, probability: y)
      })
  }

  private static func request(_ bench: Bench) -> FlippingRequest? {
    for case .flip(let request) in bench.commands { return request }
    return nil
  }

  /// Curves of A, B and chance are there.
  static func judged(width: Int = 120, height: Int = 40, capabilities: DisplayCapabilities = .full) throws -> Bench {
    var bench = try Bench(width: width, height: height, capabilities: capabilities)
    bench.press(.character("c"))
    bench.select("blocks.0.project")
    bench.press(.character("d"))
    try bench.finish(shift: 0.2)
    bench.press(.character("P"))
    let request = try #require(Self.request(bench))
    for (subject, bend) in zip(request.subjects, [12.0, 5, 1.5]) {
      bench.send(
        .flipping(
          request: request.id,
          .result(FlippingResult(title: subject.title, name: subject.name, curve: Self.curve(bend)))))
    }
    bench.send(.flipping(request: request.id, .finished))
    return bench
  }

  @Test func curvesOfWhatIsThereAreAskedFor() throws {
    var bench = try Bench()
    bench.press(.character("P"))
    let request = try #require(Self.request(bench))
    #expect(request.subjects.map(\.title) == ["B", "random"])
    #expect(request.target == 4 && request.settings.mode == .deletion && request.settings.blockSide == 8)
    bench.send(.flipping(request: request.id, .progress(0.5)))
    #expect(bench.state.flipping.status == .running(0.5))
    // Another setting is another request; news of the old one are ignored.
    bench.press(.character("m"), .character("+"))
    let second = try #require(Self.request(bench))
    #expect(second.settings.mode == .insertion && second.settings.blockSide == 16 && second.id > request.id)
    bench.send(.flipping(request: request.id, .finished))
    #expect(bench.state.flipping.status == .running(0))
    bench.press(.character("f"))
    #expect(Self.request(bench)?.settings.fill == .value([-2.1, -2, -1.8]))
    // Esc cancels and closes.
    bench.press(.escape)
    #expect(bench.state.flipping.status == .cancelled && bench.state.popup == nil)
    #expect(bench.commands.contains { if case .cancelFlipping = $0 { true } else { false } })
  }

  @Test func aPinnedHeatmapIsJudgedToo() throws {
    var bench = try Self.judged()
    #expect(bench.state.flipping.results.map(\.title) == ["A", "B", "random"])
    #expect(bench.state.flipping.status == .finished)
    bench.press(.character("y"))
    #expect(bench.state.flipping.quantity == .logit && bench.state.flipping.results.count == 3)
    bench.press(.character("w"), .enter)
    var saved: SaveRequest?
    for case .save(let request) in bench.commands { saved = request }
    guard case .curves(let content) = saved?.content else {
      Issue.record("nothing was saved")
      return
    }
    #expect(content.results.count == 3 && content.quantity == .logit && content.title.hasPrefix("chelsea.png, 4"))
    #expect(saved?.path == "tiny_net-epsilon_gamma_box-flipping.csv")
  }

  @Test func withoutAHeatmapThereIsNothingToJudge() throws {
    var bench = try Bench(isExplained: false)
    try bench.open()
    bench.press(.character("P"))
    #expect(bench.state.popup == nil)
    #expect(bench.state.notice?.text.contains("there is no finished heatmap to judge") == true)
  }

  @Test func aFailureIsSaid() throws {
    var bench = try Bench()
    bench.press(.character("P"))
    let request = try #require(Self.request(bench))
    bench.send(.flipping(request: request.id, .failed("metric: no")))
    #expect(bench.state.flipping.status == .failed("metric: no") && bench.state.notice?.text == "metric: no")
  }

  @Test func scriptsWaitForTheCurves() throws {
    var bench = try Bench()
    bench.press(.character("P"))
    let request = try #require(Self.request(bench))
    let work = PendingWork()
    #expect(!work.has(.ready, bench.state) && work.has(.heatmap, bench.state))
    #expect(work.description(bench.state).contains("pixel-flipping curves"))
    bench.send(.flipping(request: request.id, .finished))
    #expect(work.has(.ready, bench.state))
    #expect(ExplorerMessage.flipping(request: 1, .failed("metric: no")).failure == "metric: no")
  }

  @Test(arguments: ScreenTests.sizes)
  func curvesOnScreen(size: (Int, Int)) throws {
    let bench = try Self.judged(width: size.0, height: size.1)
    try Snapshot.expect(text: bench.state.view().plainText(), named: "screens/flipping \(size.0)x\(size.1)")
  }

  @Test func curvesInASCII() throws {
    let capabilities = DisplayCapabilities(colorMode: .monochrome, glyphs: .ascii)
    let bench = try Self.judged(width: 80, height: 24, capabilities: capabilities)
    try Snapshot.expect(text: bench.state.view().ansiText(capabilities), named: "screens/flipping-ascii 80x24")
  }

  // MARK: - Rectangle

  @Test func aRectangleIsDrawnWithKeys() throws {
    var bench = try Bench()
    bench.press(.character("3"), .character("R"))
    for _ in 0..<4 { bench.press(.right, .down) }
    let rectangle = try #require(bench.state.heatmap.rectangle)
    #expect(rectangle.isBeingDrawn && rectangle.anchor.column == 16 && rectangle.anchor.row == 16)
    let pixels = rectangle.pixels
    #expect(pixels.x == 16 && pixels.y == 16 && pixels.width > 1 && pixels.height > 1)
    bench.press(.character("R"))
    #expect(bench.state.heatmap.rectangle?.isBeingDrawn == false)
    bench.press(.left)
    #expect(bench.state.heatmap.rectangle?.pixels == pixels, "it stays where it is")
    let map = try #require(bench.state.heatmap.rendered?.panels.first?.map)
    let share = try RelevanceShare(
      of: map.values.map(Double.init), width: map.width, height: map.height, in: pixels)
    let percent = try #require(share.positiveShare) * 100
    let shown = try #require(bench.state.view().plainText().split(separator: "\n").first { $0.contains("of px): R⁺") })
    let number = try #require(shown.split(separator: "R⁺ ").last?.split(separator: " ").first.flatMap { Double($0) })
    #expect(abs(number - percent) < 0.06)
    bench.press(.character("R"))
    #expect(bench.state.heatmap.rectangle == nil)
  }

  @Test func aRectangleIsDrawnWithTheMouse() throws {
    var bench = try Bench()
    let area = HeatmapPane.pictureArea(of: bench.state.layout.heatmap)
    let panel = try #require(bench.state.heatmap.rendered?.panels.first)
    let (x, y) = (area.x + panel.x, area.y + panel.y)
    bench.send(.mouse(MouseEvent(.press(.right), x: x + 2, y: y + 1)))
    bench.send(.mouse(MouseEvent(.drag(.right), x: x + 20, y: y + 8)))
    bench.send(.mouse(MouseEvent(.release(.right), x: x + 20, y: y + 8)))
    let rectangle = try #require(bench.state.heatmap.rectangle)
    #expect(!rectangle.isBeingDrawn && rectangle.anchor.column < rectangle.corner.column)
    #expect(rectangle.anchor.row < rectangle.corner.row)
    #expect(bench.state.focus == .heatmap)
  }

  @Test(arguments: ScreenTests.sizes)
  func rectangleOnScreen(size: (Int, Int)) throws {
    var bench = try Bench(width: size.0, height: size.1)
    bench.press(.character("c"))
    bench.select("blocks.0.project")
    bench.press(.character("d"))
    try bench.finish(shift: 0.2)
    bench.press(.character("3"), .character("R"))
    for _ in 0..<5 { bench.press(.left, .up) }
    bench.press(.character("R"))
    try Snapshot.expect(text: bench.state.view().plainText(), named: "screens/rectangle \(size.0)x\(size.1)")
  }
}
