import Explorer
import LRP
import TerminalUI
import Testing

/// A parameter tried at several values.
struct SweepTests {
  private func sweeping() throws -> Bench {
    var bench = try Bench()
    bench.press(.character("*"))
    bench.type("*.project")
    bench.press(.enter, .character("1"), .character("S"))
    return bench
  }

  @Test func valuesAreRunOneAfterTheOther() throws {
    var bench = try sweeping()
    #expect(bench.state.sweep?.parameter == "gamma")
    for value in ["0", "0.1", "0.25", "0.5", "1", "2"] {
      let map = (bench.requests.last?.composite as? NameMapComposite)?.nameMap ?? []
      #expect(map.first { $0.names.contains("blocks.1.project") }?.rule.shortText == "Gamma \(value)")
      // The value that the layers had is the one chosen, whatever is being run.
      #expect(bench.rule("blocks.1.project") == "Gamma 0.25")
      try bench.finish(shift: 0.1)
    }
    #expect(bench.state.sweep?.isFinished == true)
    let titles = bench.state.heatmap.rendered?.panels.map(\.title)
    #expect(titles == ["gamma 0", "gamma 0.1", "gamma 0.25", "gamma 0.5", "gamma 1", "gamma 2"])
    let requests = bench.requests.count
    bench.press(.home, .down, .down, .down, .enter)
    #expect(bench.requests.count == requests + 1)
    #expect(bench.rule("blocks.2.project") == "Gamma 0.5")
    #expect(bench.state.history.present.label == "gamma 0.5 → 3 layers")
    #expect(bench.state.sweep == nil)
    try bench.finish()
    #expect(bench.state.heatmap.rendered?.panels.count == 1)
  }

  @Test func eachHeatmapHasItsOwnScaleOrAllShareOne() throws {
    var bench = try sweeping()
    for index in 0..<6 { try bench.finish(shift: Float(index)) }
    func scales() -> Set<Float> { Set((bench.state.heatmap.rendered?.panels ?? []).map(\.scale.upper)) }
    #expect(scales().count == 6)
    bench.press(.character("L"))
    #expect(scales().count == 1)
    #expect(scales().first == bench.state.heatmap.rendered?.scale.upper)
    bench.press(.character("L"))
    #expect(scales().count == 6)
  }

  @Test func whatIsThereIsSaved() throws {
    var bench = try sweeping()
    bench.press(.character("w"))
    #expect(bench.state.popup is SweepPane, "there is nothing yet")
    for index in 0..<3 { try bench.finish(shift: Float(index)) }
    bench.press(.character("w"))
    #expect(bench.state.popup is PathPrompt)
    // It goes on meanwhile.
    try bench.finish(shift: 3)
    bench.press(.enter)
    let request = bench.commands.compactMap { if case .save(let request) = $0 { request } else { nil } }.first
    #expect(request?.path == "chelsea-epsilon_gamma_box-gamma-sweep.png")
    guard case .heatmap(let content) = request?.content else {
      Issue.record("not a heatmap")
      return
    }
    #expect(content.panels.map(\.title) == ["gamma 0", "gamma 0.1", "gamma 0.25", "gamma 0.5"])
    #expect(content.ownScales && content.panels.map(\.map.values) == bench.state.sweep?.results.map(\.map.values))
    #expect(bench.state.popup is SweepPane && bench.state.sweep != nil, "back to the sweep")
    bench.press(.character("L"), .character("w"), .enter)
    let shared = bench.commands.compactMap { command -> HeatmapContent? in
      if case .save(let request) = command, case .heatmap(let content) = request.content { content } else { nil }
    }
    #expect(shared.first?.ownScales == false)
    bench.press(.escape)
    #expect(bench.state.popup == nil && bench.state.sweep == nil)
  }

  /// List, ledger and heatmap are about the value that is selected; one that is still to come has no numbers.
  @Test func whatIsSelectedIsShown() throws {
    var bench = try sweeping()
    func shownSum() -> Double? { bench.state.shownOutcome?.inputSum }
    let before = try #require(bench.state.attribution.outcome?.inputSum)
    #expect(bench.state.sweep?.chosen == 2 && shownSum() == before)
    for index in 0..<2 { try bench.finish(shift: 0.05 * Float(index + 1)) }
    #expect(shownSum() == before, "the chosen value is the one that was there")
    bench.press(.down)
    #expect(bench.rule("blocks.1.project") == "Gamma 0.5" && shownSum() == nil)
    #expect(bench.state.view().plainText().contains("gamma 0.5 has not been run yet"))
    for index in 2..<6 { try bench.finish(shift: 0.05 * Float(index + 1)) }
    var sums: [Double] = []
    bench.press(.home)
    for value in ["0", "0.1", "0.25", "0.5", "1", "2"] {
      #expect(bench.rule("blocks.1.project") == "Gamma \(value)")
      let text = bench.state.view().plainText()
      #expect(text.contains("Gamma \(value) "), "the list of layers")
      #expect(text.contains("gamma \(value): Σ "), "below the heatmaps")
      sums.append(try #require(shownSum()))
      bench.press(.down)
    }
    #expect(Set(sums).count == 6)
    bench.press(.home, .down)
    for size in [(80, 24), (120, 40), (200, 60)] {
      bench.send(.resize(width: size.0, height: size.1))
      try Snapshot.expect(text: bench.state.view().plainText(), named: "screens/sweep \(size.0)x\(size.1)")
    }
  }

  @Test func escapeRestores() throws {
    var bench = try sweeping()
    try bench.finish()
    bench.press(.escape)
    #expect(bench.state.sweep == nil)
    #expect(bench.state.popup == nil)
    #expect(bench.rule("blocks.1.project") == "Gamma 0.25")
    #expect(bench.state.history.past.isEmpty)
  }

  @Test func epsilonIsSweptOnDenseLayers() throws {
    var bench = try Bench()
    bench.select("classifier")
    bench.press(.character("S"))
    #expect(bench.state.sweep?.parameter == "epsilon")
    bench.press(.escape)
    bench.select("avgpool")
    bench.press(.character("S"))
    #expect(bench.state.sweep == nil)
    #expect(bench.state.notice?.text.contains("no rule there has a number") == true)
  }

  /// A sum of two has no summand 0.25 and no summand 2.
  @Test func wholeNumbersAreSweptAsSuch() throws {
    var bench = try Bench()
    let sums = try #require(bench.state.model).paths.filter { path in
      bench.state.model?.objection(to: SumSingle(), path: path) == nil
    }
    let sum = try #require(sums.first)
    let composite = NameMapComposite(
      nameMap: [NameMapEntry([sum], SumSingle())], canonizers: bench.state.composite.canonizers)
    bench.send(.compositeOpened(path: "mine.yaml", composite: composite, model: nil))
    bench.select(sum)
    bench.press(.character("S"))
    #expect(bench.state.sweep?.parameter == "summand" && bench.state.sweep?.values == [0, 1])
    #expect(bench.rule(sum) == "SumSingle 1", "the value that is there")
    try bench.finish()
    try bench.finish(shift: 0.1)
    bench.press(.up)
    #expect(bench.rule(sum) == "SumSingle 0")
    #expect(bench.state.heatmap.rendered?.panels.map(\.title) == ["summand 0", "summand 1"])
  }
}
