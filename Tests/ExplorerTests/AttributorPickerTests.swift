import Explorer
import LRP
import TerminalUI
import Testing

/// The method as a choice: tried out at once, edited in place, taken or restored.
struct AttributorPickerTests {
  private func picker(_ bench: Bench) throws -> AttributorPicker {
    try #require(bench.state.popup as? AttributorPicker)
  }

  @Test func everyMethodIsOfferedWithItsParameters() throws {
    var bench = try Bench()
    bench.press(.character("M"))
    let choices = try picker(bench).form.choices
    #expect(
      choices.map(\.name) == [
        "Gradient/LRP", "SmoothGrad", "IntegratedGradients", "Occlusion", "input × gradient",
      ])
    #expect(choices[1].parameters.map(\.name) == ["noise_level", "iterations", "seed"])
    #expect(choices[3].fields.map(\.text) == ["8", "8", "0", "no"])
  }

  @Test func theHeatmapFollowsAndEscapeRestores() throws {
    var bench = try Bench()
    bench.select("blocks.0.project")
    bench.press(.character("h"))
    let node = bench.state.heatmap.node
    #expect(node > 0)
    bench.press(.character("M"), .down)
    #expect(bench.requests.last?.attributor == AttributorSettings(.smoothgrad))
    #expect(bench.state.heatmap.node == 0, "only the input is explained")
    try bench.finish(shift: 0.1)
    let text = bench.state.view().plainText()
    #expect(text.contains("SmoothGrad at input"))
    #expect(text.contains("epsilon_gamma_box · SmoothGrad"))
    #expect(bench.state.flags.isEmpty)
    bench.press(.escape)
    #expect(bench.state.attributor == AttributorSettings())
    #expect(bench.requests.last?.attributor == AttributorSettings())
    #expect(bench.state.heatmap.node == node)
    bench.press(.character("M"), .escape)
    #expect(bench.commands.isEmpty, "nothing was tried, nothing is run again")
  }

  @Test func parametersAreEditedInPlaceAndChecked() throws {
    var bench = try Bench()
    bench.press(.character("M"), .down, .tab, .control("u"))
    bench.type("-1")
    #expect(try picker(bench).form.problem?.hasPrefix("noise_level: “-1” found") == true)
    let count = bench.requests.count
    bench.press(.enter)
    #expect(bench.state.popup != nil && bench.requests.count == count, "a wrong value is not taken")
    bench.press(.control("u"))
    bench.type("0.3")
    bench.press(.tab, .shiftUp, .enter)
    #expect(bench.state.popup == nil)
    #expect(bench.state.attributor.kind == .smoothgrad)
    #expect(bench.state.attributor.noiseLevel == 0.3)
    #expect(bench.state.attributor.iterations == 40)
    #expect(bench.requests.last?.attributor == bench.state.attributor)
    // Edits of rules are explained with it, too.
    try bench.finish()
    bench.select("conv_stem")
    bench.press(.character("d"))
    #expect(bench.requests.last?.attributor.kind == .smoothgrad)
  }

  @Test func occlusionTakesExtentsPerAxisAndFills() throws {
    var bench = try Bench()
    bench.press(.character("M"), .down, .down, .down, .tab, .control("u"))
    bench.type("4, 8")
    bench.press(.tab, .tab, .control("u"))
    bench.type("[0.1, 0.2]")
    #expect(try picker(bench).form.problem == "fill: 2 numbers found, 1 or 3 (one per channel) expected")
    bench.press(.control("u"))
    bench.type("[0.1, 0.2, 0.3]")
    bench.press(.tab, .control("u"))
    bench.type("yes")
    bench.press(.enter)
    #expect(bench.state.attributor.window == [4, 8])
    #expect(bench.state.attributor.fill == .perChannel([0.1, 0.2, 0.3]))
    #expect(bench.state.attributor.invert)
  }

  @Test func theLedgerSaysWhenItDoesNotApply() throws {
    var bench = try Bench()
    bench.press(.character("M"), .end, .enter)
    try bench.finish()
    #expect(bench.state.view().plainText().contains("No ledger for input × gradient"))
    bench.press(.character("W"))
    #expect(bench.state.popup == nil)
    #expect(bench.state.notice?.text.contains("input × gradient has no ledger") == true)
    bench.select("conv_stem")
    bench.press(.character("h"))
    #expect(bench.state.heatmap.node == 0)
    #expect(bench.state.notice?.text.contains("explains the input only") == true)
  }

  @Test func progressAndCancelling() throws {
    var bench = try Bench()
    bench.press(.character("M"), .down, .enter)
    let id = try #require(bench.requests.last?.id)
    bench.send(.attributionProgress(request: id, AttributionProgress(stage: .passes, share: 0.5, elapsed: 1.2)))
    #expect(bench.state.view().plainText().contains("50 %  SmoothGrad 1.2 s"))
    bench.press(.escape)
    #expect(bench.state.attribution.status == .cancelled)
  }
}
