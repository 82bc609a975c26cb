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
      #expect(bench.rule("blocks.1.project") == "Gamma \(value)")
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
}
