import Explorer
import Heatmaps
import LRP
import Tensors
import TerminalUI
import Testing

/// A of a comparison is a composite: it is explained for the input and class at hand.
struct PinnedTests {
  /// A pinned, and B edited.
  private func compared() throws -> Bench {
    var bench = try Bench(width: 200, height: 60)
    bench.press(.character("c"))
    bench.select("conv_stem")
    bench.press(.character("d"))
    try bench.finish(shift: 0.2)
    return bench
  }

  private func openNext(_ bench: inout Bench) throws {
    bench.press(.character("]"))
    for case .openInput(let request) in bench.commands {
      bench.send(.inputOpened(request: request.id, try Fixture.opened(input: request.entry).sample))
    }
  }

  private func rules(_ request: AttributionRequest) -> [String] {
    ((request.composite as? NameMapComposite)?.nameMap ?? []).map { "\($0.names) \($0.rule.summary)" }
  }

  @Test func anotherInputIsExplainedForBoth() throws {
    var bench = try compared()
    let first = try #require(bench.requests.first)
    let before = try #require(bench.state.heatmap.rendered).panels.map(\.map)
    let count = bench.requests.count
    try openNext(&bench)
    #expect(bench.requests.count == count + 1 && bench.requests.last?.isSecond == false)
    try bench.finish(shift: 0.1)
    // B is there; A is asked for, and the two that belong together stay until it has come.
    let request = try #require(bench.requests.last)
    #expect(bench.requests.count == count + 2 && request.isSecond)
    #expect(rules(request) == rules(first) && request.output == .logit(.top1))
    #expect(bench.state.heatmap.rendered?.panels.map(\.map) == before)
    #expect(bench.state.view().text(0).contains("… A"))
    try bench.finish(shift: 0.3)
    let panels = try #require(bench.state.heatmap.rendered?.panels)
    #expect(panels.map(\.title) == ["A", "B", "B−A"])
    #expect(panels[0].map != before[0] && panels[1].map != before[1])
    #expect(panels[2].map == (try #require(panels[1].map.minus(panels[0].map))))
    #expect(bench.state.view().text(0).contains("✓"))
  }

  @Test func anotherClassIsExplainedForBoth() throws {
    var bench = try compared()
    let count = bench.requests.count
    bench.press(.character("t"), .down, .down, .enter)
    #expect(bench.requests.count == count + 1)
    try bench.finish(shift: 0.1)
    let request = try #require(bench.requests.last)
    #expect(bench.requests.count == count + 2 && request.isSecond && request.output == bench.requests[count].output)
    try bench.finish(shift: 0.3)
    #expect(bench.requests.count == count + 2, "A is up to date")
    #expect(bench.state.heatmap.rendered?.panels.count == 3)
  }

  @Test func anEditLeavesAAlone() throws {
    var bench = try compared()
    let count = bench.requests.count
    bench.press(.character("u"))
    try bench.finish(shift: 0.1)
    #expect(bench.requests.count == count + 1 && bench.requests.last?.isSecond == false)
  }

  @Test func whatFailsOrIsCancelledIsNotCompared() throws {
    for message in [
      { ExplorerMessage.attributionFailed(request: $0, "no room") }, { .attributionCancelled(request: $0) },
    ] as [(Int) -> ExplorerMessage] {
      var bench = try compared()
      try openNext(&bench)
      try bench.finish(shift: 0.1)
      bench.send(message(try #require(bench.requests.last).id))
      #expect(bench.state.heatmap.rendered?.panels.map(\.title) == [""], "B alone: there is no A for it")
      // Run again, both are there.
      bench.press(.escape, .character("r"))
      try bench.finish(shift: 0.1)
      try bench.finish(shift: 0.3)
      #expect(bench.state.heatmap.rendered?.panels.count == 3)
    }
  }

  // MARK: - Scales

  private func finish(_ bench: inout Bench, strength: Float) throws {
    let outcome = try Fixture.outcome(Fixture.opened(), shift: 0.1)
    let relevance = outcome.nodeRelevance.map { tensor in
      tensor.map { Tensor($0.shape, rowMajor: $0.rowMajorElements().map { $0 * strength }) }
    }
    bench.send(
      .attributionFinished(
        request: try #require(bench.requests.last).id,
        AttributionOutcome(
          output: outcome.output, nodeRelevance: relevance, ledger: outcome.ledger, seconds: 0.041, nodesRun: 12)))
  }

  private func brightest(_ panel: RenderedHeatmap.Panel) -> Int {
    panel.image.pixels.map { Int($0.red) + Int($0.green) + Int($0.blue) }.max() ?? 0
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func whatIsMuchWeakerHasAScaleOfItsOwn(_ width: Int, _ height: Int) throws {
    var bench = try Bench(width: width, height: height)
    bench.press(.character("c"), .character("r"))
    try finish(&bench, strength: 300)
    let own = try #require(bench.state.heatmap.rendered)
    #expect(own.ownScales && own.weaker?.title == "A")
    #expect(brightest(own.panels[0]) > 300 && brightest(own.panels[1]) > 300)
    #expect(own.panels[0].scale.upper * 20 < own.panels[1].scale.upper)
    bench.press(.escape)
    let text = bench.state.view().plainText()
    #expect(text.contains("weaker"))
    #expect(width < 120 || text.contains("L scales"))
    bench.press(.character("L"))
    let common = try #require(bench.state.heatmap.rendered)
    #expect(!common.ownScales && Set(common.panels.map(\.scale.upper)).count == 1)
    #expect(brightest(common.panels[0]) < 60, "nothing to be seen")
    bench.press(.character("L"))
    #expect(bench.state.heatmap.rendered?.ownScales == true)
    // Alone, its own scale is on the screen in numbers.
    bench.press(.character("x"), .escape)
    #expect(bench.state.heatmap.rendered?.panels.map(\.title) == ["A"])
    #expect(bench.state.view().plainText().contains("R/px"))
  }

  @Test func whatIsOfOneStrengthSharesAScaleUntilAsked() throws {
    var bench = try compared()
    #expect(bench.state.heatmap.rendered?.ownScales == false && bench.state.heatmap.rendered?.weaker == nil)
    bench.press(.character("L"))
    let rendered = try #require(bench.state.heatmap.rendered)
    #expect(rendered.ownScales && rendered.panels[0].scale != rendered.panels[1].scale)
    bench.press(.escape)
    #expect(bench.state.view().plainText().contains("own scales"))
    bench.press(.character("w"), .enter)
    let contents = bench.commands.compactMap { command -> HeatmapContent? in
      if case .save(let request) = command, case .heatmap(let content) = request.content { content } else { nil }
    }
    #expect(contents.first?.ownScales == true, "the file is as the screen")
  }
}
