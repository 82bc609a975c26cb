import Explorer
import LRP
import NeuralNetwork
import TerminalUI
import Testing

/// Background work: what is asked for, what is taken, what is ignored.
struct AttributionTests {
  @Test func theLaunchOpensTheModelAndExplainsIt() throws {
    var bench = try Bench(isExplained: false)
    guard case .openModel(let request)? = bench.commands.first else {
      Issue.record("the model is not opened")
      return
    }
    #expect(request.entry.name == "tiny_net")
    bench.send(.modelProgress(request: request.id, OpeningProgress(fraction: 0.5, step: "reading weights")))
    #expect(bench.state.opening?.progress.fraction == 0.5)
    bench.send(.modelOpened(request: request.id, try Fixture.opened()))
    #expect(bench.state.opening == nil)
    #expect(bench.requests.count == 1)
    #expect(bench.rule("conv_stem") == "ZBox")
    #expect(bench.rule("blocks.1.+") == nil)
    try bench.finish()
    #expect(bench.state.attribution.status == .finished)
    #expect(bench.state.targetLabel == "4 Egyptian cat")
    #expect(bench.state.heatmap.rendered != nil)
  }

  @Test func aNewerEditSupersedesTheRunningOne() throws {
    var bench = try Bench()
    bench.select("conv_stem")
    bench.press(.character("d"))
    let first = try #require(bench.requests.last)
    bench.select("classifier")
    bench.press(.character("d"))
    let second = try #require(bench.requests.last)
    #expect(second.id > first.id)
    #expect(bench.state.attribution.isStale)
    bench.send(.attributionFinished(request: first.id, try Fixture.outcome(Fixture.opened(), shift: 0.3)))
    #expect(bench.state.attribution.isStale, "a late answer to an old request is not shown")
    #expect(bench.state.attribution.isRunning)
    bench.send(.attributionCancelled(request: first.id))
    #expect(bench.state.attribution.isRunning)
    bench.send(.attributionFailed(request: first.id, "old"))
    #expect(bench.state.attribution.isRunning)
    try bench.finish(shift: 0.1)
    #expect(!bench.state.attribution.isStale)
  }

  @Test func whatIsStaleLooksSoAfterATenthOfASecond() throws {
    var bench = try Bench()
    let fresh = bench.state.view()
    bench.press(.character("r"))
    let id = try #require(bench.requests.last?.id)
    bench.send(.attributionProgress(request: id, AttributionProgress(stage: .forward, share: 0.1, elapsed: 0.05)))
    #expect(!bench.state.attribution.isVisiblyStale)
    bench.send(.attributionProgress(request: id, AttributionProgress(stage: .backward, share: 0.75, elapsed: 0.4)))
    #expect(bench.state.attribution.isVisiblyStale)
    let area = HeatmapPane.pictureArea(of: bench.state.layout.heatmap)
    let (x, y) = (area.x + area.width / 2, area.y + area.height / 2)
    #expect(bench.state.view()[x, y].style != fresh[x, y].style)
    let status = bench.state.view().text(area.maxY + 1)
    #expect(status.contains("9/18 400 ms"), "\(status)")
    try bench.finish()
    #expect(bench.state.view()[x, y].style == fresh[x, y].style)
  }

  @Test func escapeCancels() throws {
    var bench = try Bench()
    bench.press(.character("r"), .escape)
    #expect(bench.commands.contains { if case .cancelAttribution = $0 { true } else { false } })
    #expect(bench.state.attribution.status == .cancelled)
    #expect(bench.state.attribution.isVisiblyStale)
    #expect(bench.state.view().plainText().contains("stale"))
    try bench.finish()
    #expect(bench.state.attribution.status == .finished, "an answer that came all the same is welcome")
  }

  @Test func aFailureIsShownAndSurvived() throws {
    var bench = try Bench()
    bench.press(.character("r"))
    bench.send(.attributionFailed(request: bench.requests.last?.id ?? 0, "layer conv_stem, rule ZBox: no"))
    #expect(bench.state.view().plainText().contains("✗ layer conv_stem, rule ZBox: no"))
    #expect(bench.state.log.last?.text == "layer conv_stem, rule ZBox: no")
    bench.press(.character("j"))
    #expect(bench.state.notice != nil, "an error stays until it is closed")
    bench.press(.escape)
    #expect(bench.state.notice == nil)
  }

  @Test func targetsAreChosenByNameAndInTheList() throws {
    var bench = try Bench()
    bench.press(.character("t"))
    bench.type("lynx")
    bench.press(.enter)
    #expect(bench.state.target == .index(6))
    #expect(bench.requests.last?.output == .logit(.index(6)))
    #expect(bench.state.targetLabel == "6 lynx")
    bench.press(.character("4"), .home, .down, .enter)
    #expect(bench.state.target == .index(1))
    let requests = bench.requests.count
    bench.press(.enter)
    #expect(bench.requests.count == requests, "the same class is not explained again")
    bench.press(.character("t"), .home, .enter)
    #expect(bench.state.target == .top1)
  }

  @Test("classes show what the output means: a share, or a number without per cent")
  func meanings() {
    func texts(_ output: [Float], _ meaning: OutputMeaning) -> [String] {
      var pane = ClassesPane()
      pane.setOutput(output, meaning: meaning)
      return pane.entries.map { "\($0.index) \($0.text)" }
    }
    #expect(texts([1, 2, 3], .logits) == ["2 66.5 %", "1 24.5 %", "0 9.0 %"])
    #expect(texts([0.25, 0.75], .probabilities) == ["1 75.0 %", "0 25.0 %"])
    #expect(texts([0.9, 0.2, 0.8], .binaryProbabilities) == ["0 90.0 %", "2 80.0 %", "1 20.0 %"])
    #expect(texts([0.392], .binaryLogits) == ["0 59.7 %"])
    #expect(texts([0.392], .logits) == ["0 0.392"], "the softmax of one number says nothing")
    #expect(texts([-2, 7.5], .scores) == ["1 7.500", "0 -2.000"])
  }

  @Test func barsOfScoresHaveTheirSize() {
    var pane = ClassesPane()
    pane.setOutput([-4, 2, .nan], meaning: .scores)
    #expect(pane.entries.map { pane.barLength($0) } == [0.5, 1, 0])
    pane.setOutput([0.2, 0.8], meaning: .probabilities)
    #expect(pane.entries.map { pane.barLength($0) } == [1, 0.25])
  }

  @Test func anotherModelKeepsThePresetAndForgetsTheRest() throws {
    var bench = try Bench()
    bench.select("conv_stem")
    bench.press(.character(" "), .character("c"), .character("m"), .down, .enter)
    guard case .openModel(let request)? = bench.commands.first else {
      Issue.record("no model is opened")
      return
    }
    #expect(request.entry.name == "vgg16")
    bench.send(.modelOpened(request: request.id, try Fixture.opened(request.entry)))
    #expect(bench.state.composite.title == "epsilon_gamma_box")
    #expect(bench.state.layers.marks.isEmpty)
    #expect(bench.state.heatmap.pinned == nil)
    #expect(bench.state.attribution.outcome == nil)
    try bench.finish()
    #expect(bench.state.heatmap.rendered != nil)
  }

  @Test func aModelThatFailsToOpenIsReported() throws {
    var bench = try Bench(isExplained: false)
    bench.send(.modelFailed(request: 1, "tiny.safetensors: not found"))
    #expect(bench.state.notice?.text == "tiny_net: tiny.safetensors: not found")
    #expect(bench.state.popup is ModelsPane)
  }

  @Test func inputsArePagedThrough() throws {
    var bench = try Bench()
    bench.press(.character("]"))
    guard case .openInput(let request)? = bench.commands.first else {
      Issue.record("no input is opened")
      return
    }
    #expect(request.entry.name == "coffee.png")
    bench.press(.character("]"))
    guard case .openInput(let second)? = bench.commands.first else {
      Issue.record("no input is opened")
      return
    }
    #expect(second.entry.name == "rocket.png")
    let sample = try Fixture.opened(input: Fixture.inputs[1]).sample
    let requests = bench.requests.count
    bench.send(.inputOpened(request: request.id, sample))
    #expect(bench.requests.count == requests, "superseded")
    bench.send(.inputOpened(request: second.id, try Fixture.opened(input: Fixture.inputs[2]).sample))
    #expect(bench.requests.count == requests + 1)
    bench.press(.character("["))
    #expect(bench.commands.contains { if case .openInput(let r) = $0 { r.entry.name == "coffee.png" } else { false } })
  }

  @Test func layersWithoutARuleAreFlagged() throws {
    var builder = NetworkBuilder(name: "normed")
    builder.add("first", try FullyConnected(weight: Fixture.weight([8, 8]), bias: nil))
    builder.add("norm", try LayerNorm(weight: Fixture.weight([8]), bias: nil))
    builder.add("last", try FullyConnected(weight: Fixture.weight([8, 8]), bias: nil))
    let network = try builder.build()
    let sample = InputSample(entry: Fixture.inputs[0], picture: nil, shape: [1, 8])
    let model = OpenedModel(
      entry: Fixture.models[0], network: network, canonizers: [], canonized: network, labels: [], low: nil, high: nil,
      sample: sample)
    var bench = try Bench(isExplained: false)
    for case .openModel(let request) in bench.commands { bench.send(.modelOpened(request: request.id, model)) }
    let request = try #require(bench.requests.last)
    var outcome = try Fixture.outcome(model)
    outcome.ledger = outcome.ledger.map { balance in
      var balance = balance
      if balance.name == "norm" { (balance.rule, balance.incoming) = (nil, balance.outgoing * 0.25) }
      return balance
    }
    bench.send(.attributionFinished(request: request.id, outcome))
    let text = "LayerNorm has no rule: the plain gradient, which keeps 25 % of the relevance"
    #expect(bench.state.flags.map(\.text).contains(text))
    bench.select("norm")
    #expect(bench.state.view().plainText().contains("LayerNorm has no rule"))
  }

  @Test func flagsNameTheirCause() throws {
    let bench = try Bench()
    let texts = bench.state.flags.map(\.text)
    #expect(texts.contains { $0.contains("unhooked addition doubles relevance: a canonizer") })
    #expect(texts.contains { $0.contains("81 % absorbed by biases – try zero_params") })
  }

  @Test func anAdditionWhoseRuleWasRemovedIsNamed() throws {
    var bench = try Bench()
    bench.press(.character("r"))
    let request = try #require(bench.requests.last)
    var outcome = try Fixture.outcome(Fixture.opened())
    let place = try #require(outcome.ledger.firstIndex { $0.name == "blocks.0.sum" })
    outcome.ledger[place].rule = nil
    outcome.ledger[place].incoming = 2 * outcome.ledger[place].outgoing
    bench.send(.attributionFinished(request: request.id, outcome))
    let flag = try #require(bench.state.flags.first { $0.node == outcome.ledger[place].node })
    #expect(flag.kind == .addition && flag.severity == .problem)
    #expect(flag.text == "unhooked addition doubles relevance: no rule shares it out (Norm does)")
  }
}
