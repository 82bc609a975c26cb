import Explorer
import LRP
import TerminalUI
import Testing

/// What canonizers have changed can be seen, and each can be switched.
struct CanonizerPickerTests {
  private func picker(_ bench: Bench) throws -> CanonizerPicker {
    try #require(bench.state.popup as? CanonizerPicker)
  }

  /// An explorer whose picker is open and has its list.
  private func opened(width: Int = 120, height: Int = 40) throws -> Bench {
    var bench = try Bench(width: width, height: height)
    bench.press(.character("B"))
    try bench.answerSurvey()
    return bench
  }

  @Test func canonizersAreListedWithWhatTheyChange() throws {
    var bench = try Bench()
    bench.press(.character("B"))
    #expect(try picker(bench).isWaiting && picker(bench).items.isEmpty)
    #expect(bench.state.view().plainText().contains("Looking for what can be rewritten"))
    try bench.answerSurvey()
    let items = try picker(bench).items
    // The model's own, then what its graph could use; a softmax that could be left out it has not.
    #expect(items.map(\.canonizer.name) == ["SequentialMergeBatchNorm", "ResidualSums"])
    #expect(items.map(\.isOn) == [true, false])
    #expect(items.map(\.changes) == [[], ["1 × Add → Sum (blocks.1.+)"]])
    #expect(bench.requests.count == 1, "looking changes nothing")
    let count = bench.requests.count
    bench.press(.enter)
    #expect(bench.state.popup == nil && bench.requests.count == count && bench.state.history.past.isEmpty)
  }

  @Test func switchingRewritesTheNetworkAndGivesTheNewLayersTheirRule() throws {
    var bench = try opened()
    #expect(bench.state.model?.paths.contains("blocks.1.+") == false)
    bench.press(.down, .character(" "))
    #expect(try picker(bench).items[1].isOn && picker(bench).isWaiting)
    #expect(bench.requests.count == 1, "the network is rewritten first, in the background")
    try bench.answerSurvey()
    let names = bench.requests.last?.composite.canonizers.map(\.name)
    #expect(names == ["SequentialMergeBatchNorm", "ResidualSums"])
    #expect(bench.state.model?.paths.contains("blocks.1.+") == true && bench.rule("blocks.1.+") == "Norm")
    #expect(bench.state.history.past.isEmpty, "nothing is taken yet")
    try bench.finish(shift: 0.1)

    bench.press(.enter)
    #expect(bench.state.popup == nil && bench.requests.count == 2, "the heatmap is there already")
    #expect(bench.state.history.composite.canonizers.map(\.name) == names)
    #expect(bench.state.history.steps.all.last?.label == "canonizers: ResidualSums on")
    let unsaved = bench.commands.contains { if case .keepUnsaved(.some) = $0 { true } else { false } }
    #expect(unsaved && bench.state.compositeLabel == "epsilon_gamma_box* (1 edit)")

    // A rule of one's own on the new layer survives switching off and on.
    bench.select("blocks.1.+")
    bench.press(.character("d"))
    bench.press(.character("u"), .character("u"))
    #expect(bench.state.model?.paths.contains("blocks.1.+") == false)
    #expect(bench.requests.last?.composite.canonizers.map(\.name) == ["SequentialMergeBatchNorm"])
    bench.press(.control("r"))
    #expect(bench.rule("blocks.1.+") == "Norm")
  }

  @Test func escapeRestoresAndAnEarlyEnterWaits() throws {
    var bench = try opened()
    bench.press(.down, .character(" "))
    try bench.answerSurvey()
    bench.press(.escape)
    #expect(bench.state.popup == nil && bench.state.preview == nil)
    #expect(bench.requests.last?.composite.canonizers.map(\.name) == ["SequentialMergeBatchNorm"])
    #expect(bench.state.model?.paths.contains("blocks.1.+") == false)

    bench.press(.character("B"))
    try bench.answerSurvey()
    bench.press(.down, .character(" "), .enter)
    #expect(bench.state.popup != nil, "the network is not there yet")
    try bench.answerSurvey()
    #expect(bench.state.popup == nil && bench.state.history.composite.canonizers.count == 2)
    #expect(bench.requests.last?.composite.canonizers.count == 2)
  }

  @Test func lettersSearchAndClicksSwitch() throws {
    var bench = try opened()
    bench.type("sums")
    bench.press(.character(" "))
    #expect(try picker(bench).items.map(\.isOn) == [true, true])
    try bench.answerSurvey()
    let place = try #require(try picker(bench).frame(bench.state))
    bench.send(.mouse(MouseEvent(.press(.left), x: place.x + 4, y: place.y + 2)))
    #expect(try picker(bench).items.map(\.isOn) == [true, false])
    try bench.answerSurvey()
    bench.press(.enter)
    #expect(bench.state.popup == nil && bench.state.history.past.isEmpty, "it is as it was")
  }

  @Test func whatDoesNotFitIsSaid() throws {
    var bench = try opened()
    bench.press(.down, .character(" "))
    let request = try #require(bench.surveys.last)
    bench.send(.canonizersFailed(request: request.id - 1, "an old answer"))
    #expect(try picker(bench).isWaiting)
    bench.send(.canonizersFailed(request: request.id, "ResidualSums: does not fit"))
    #expect(bench.state.view().plainText().contains("ResidualSums: does not fit"))
    bench.press(.enter)
    #expect(bench.state.popup != nil, "it cannot be taken")
    bench.press(.character(" "))
    try bench.answerSurvey()
    bench.press(.enter)
    #expect(bench.state.popup == nil && bench.state.history.past.isEmpty)
  }

  @Test func scriptsWaitForTheNetwork() throws {
    let bench = try Bench.play(
      """
      wait ready
      press B
      wait ready
      press down space
      wait heatmap
      expect "[x] ResidualSums"
      press enter
      expect "epsilon_gamma_box* (1 edit)"
      """)
    #expect(bench.rule("blocks.1.+") == "Norm")
  }

  @Test(arguments: ScreenTests.sizes)
  func screens(size: (Int, Int)) throws {
    var bench = try opened(width: size.0, height: size.1)
    bench.press(.down, .character(" "))
    try bench.answerSurvey()
    try bench.finish(shift: 0.1)
    let buffer = bench.state.view()
    try Snapshot.expect(text: buffer.plainText(), named: "screens/canonizers \(size.0)x\(size.1)")
    guard size == (80, 24) else { return }
    let frame = try #require(try picker(bench).frame(bench.state))
    try Snapshot.expect(buffer.cropped(to: frame), named: "panes/Canonizers 80x24")
  }

  @Test func theMessagesListWhatCanonizersChanged() throws {
    var bench = try Bench(isExplained: false)
    var opened = try Fixture.opened()
    opened.canonizers = [GraphMergeBatchNorm(), ResidualSums()]
    opened.changes = [
      "GraphMergeBatchNorm: 49 × batch norm merged (conv_stem_bn, …)", "ResidualSums: 9 × Add → Sum (blocks.1.+)",
    ]
    for case .openModel(let request) in bench.commands { bench.send(.modelOpened(request: request.id, opened)) }
    #expect(bench.state.notice?.text.contains("canonized") == true)
    bench.press(.character("!"))
    let text = bench.state.view().plainText()
    #expect(
      text.contains("GraphMergeBatchNorm: 49 × batch norm merged") && text.contains("ResidualSums: 9 × Add → Sum"))
    bench.press(.escape)
    #expect(bench.state.notice == nil)
  }
}

extension Bench {
  /// Answers it from the fixture's network.
  mutating func answerSurvey() throws {
    let request = try #require(surveys.last)
    let survey = try CanonizerSurvey(of: Fixture.network(), known: request.known, on: request.on)
    send(.canonizersSurveyed(request: request.id, survey))
  }
}
