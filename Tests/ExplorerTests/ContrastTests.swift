import Explorer
import LRP
import TerminalUI
import Testing

/// Two classes side by side.
struct ContrastTests {
  /// Explains the runner-up beside the first.
  private func contrasted() throws -> Bench {
    var bench = try Bench()
    bench.press(.character("T"), .enter)
    try bench.finish(shift: 0.2)
    return bench
  }

  @Test func theStrongestRivalIsOfferedAndExplained() throws {
    var bench = try Bench()
    bench.press(.character("T"))
    #expect(bench.state.view().plainText().contains("Compare with which class?"))
    bench.press(.enter)
    let request = try #require(bench.requests.last)
    #expect(request.isSecond)
    #expect(request.output == .logit(.index(1)), "tiger cat is second after Egyptian cat")
    #expect(bench.state.heatmap.rendered?.panels.count == 1, "half a pair is not shown")
    try bench.finish(shift: 0.2)
    let panels = try #require(bench.state.heatmap.rendered?.panels)
    #expect(panels.map(\.title) == ["1", "2", "1−2"])
    let difference = try #require(panels[0].map.minus(panels[1].map))
    #expect(panels[2].map.values == difference.values)
    let text = bench.state.view().plainText()
    #expect(text.contains("→ 4 Egyptian cat vs 1 tiger cat"))
  }

  @Test func oneScaleForAll() throws {
    let bench = try contrasted()
    let rendered = try #require(bench.state.heatmap.rendered)
    #expect(rendered.scale.upper > 0 && rendered.scale.lower == -rendered.scale.upper)
    #expect(Set(rendered.panels.map { "\($0.image.width)x\($0.image.height)" }).count == 1)
  }

  @Test func everyEditIsExplainedForBoth() throws {
    var bench = try contrasted()
    let before = bench.requests.count
    bench.select("conv_stem")
    bench.press(.character("d"))
    #expect(bench.requests.count == before + 1 && bench.requests.last?.isSecond == false)
    try bench.finish(shift: 0.1)
    #expect(bench.requests.count == before + 2 && bench.requests.last?.isSecond == true)
    #expect(bench.state.view().text(0).contains("… second class"))
    let old = bench.state.heatmap.rendered?.panels[0].map.values
    try bench.finish(shift: 0.3)
    #expect(bench.state.heatmap.rendered?.panels[0].map.values != old, "a new pair, both halves")
    #expect(bench.state.view().text(0).contains("✓"))
  }

  @Test func oneOfThemAloneAndTheLedgersDifference() throws {
    var bench = try contrasted()
    bench.press(.character("x"))
    #expect(bench.state.heatmap.rendered?.panels.map(\.title) == ["1"])
    bench.press(.character("x"), .character("x"))
    #expect(bench.state.heatmap.rendered?.panels.map(\.title) == ["1−2"])
    bench.select("conv_stem")
    #expect(bench.state.view().plainText().contains("1−2: out +0.0000"))
  }

  @Test func noneEndsItAndPinningDoes() throws {
    var bench = try contrasted()
    bench.press(.character("T"), .home, .enter)
    #expect(bench.state.contrast == nil)
    #expect(bench.state.heatmap.rendered?.panels.count == 1)
    bench = try contrasted()
    bench.press(.character("c"))
    #expect(bench.state.contrast == nil && bench.state.heatmap.pinned != nil)
    bench.press(.character("T"), .enter)
    #expect(bench.state.heatmap.pinned == nil)
  }

  @Test func escapeCancelsTheSecondHalf() throws {
    var bench = try Bench()
    bench.press(.character("T"), .enter, .escape)
    #expect(bench.commands.contains { if case .cancelAttribution = $0 { true } else { false } })
    #expect(bench.state.contrast?.isRunning == false)
    #expect(bench.state.attribution.status == .finished)
  }
}
