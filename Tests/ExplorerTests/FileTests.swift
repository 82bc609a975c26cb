import Explorer
import LRP
import TerminalUI
import Testing

/// Saving, opening, leaving.
struct FileTests {
  private func edited() throws -> Bench {
    var bench = try Bench()
    bench.select("conv_stem")
    bench.press(.character("d"))
    try bench.finish()
    return bench
  }

  private func saved(_ bench: Bench) -> SaveRequest? {
    for case .save(let request) in bench.commands { return request }
    return nil
  }

  private func quits(_ bench: Bench) -> Bool {
    bench.commands.contains { if case .quit = $0 { true } else { false } }
  }

  @Test func savingWritesTheExpandedMap() throws {
    var bench = try edited()
    bench.press(.character("s"))
    let prompt = try #require(bench.state.popup as? PathPrompt)
    #expect(prompt.field.text == "tiny_net-epsilon_gamma_box.yaml")
    bench.press(.control("u"))
    bench.type("out/mine")
    bench.press(.enter)
    let request = try #require(saved(bench))
    #expect(request.path == "out/mine.yaml")
    #expect(!request.overwrites)
    guard case .composite(let composite, let model) = request.content else {
      Issue.record("not a composite")
      return
    }
    #expect(model == "tiny_net")
    #expect(!composite.nameMap.contains { $0.names.contains("conv_stem") })
    #expect(composite.nameMap.first?.names.first == "relu_stem")
    bench.send(.saved(request))
    #expect(!bench.state.history.isUnsaved)
    #expect(bench.state.compositeLabel == "mine.yaml")
    #expect(bench.state.notice?.text == "composite saved as out/mine.yaml")
  }

  @Test func aPythonScriptIsNoSavedComposite() throws {
    var bench = try edited()
    bench.press(.character("s"), .control("u"))
    bench.type("mine.py")
    bench.press(.enter)
    let request = try #require(saved(bench))
    #expect(request.path == "mine.py")
    bench.send(.saved(request))
    #expect(bench.state.history.isUnsaved)
  }

  @Test func nothingIsOverwrittenUnasked() throws {
    var bench = try edited()
    bench.press(.character("s"), .enter)
    let request = try #require(saved(bench))
    bench.send(.fileExists(request))
    #expect(bench.state.popup is Question)
    bench.press(.enter)
    #expect(saved(bench) == nil, "Enter alone does not replace a file")
    bench.press(.character("r"))
    let second = try #require(saved(bench))
    #expect(second.overwrites && second.path == request.path)
  }

  @Test func thePictureOfTheScreenIsWithoutThePrompt() throws {
    var bench = try edited()
    let before = bench.state.view()
    bench.press(.control("p"))
    #expect(bench.state.view() != before)
    bench.press(.enter)
    let request = try #require(saved(bench))
    #expect(request.path.hasSuffix("-screen.png"))
    guard case .screen(let content) = request.content else {
      Issue.record("\(request.content) found, a screen expected")
      return
    }
    #expect(content.cells == before && content.text.contains("Layers") && content.title.hasPrefix("lrp, "))
    #expect(bench.state.history.isUnsaved, "a picture is no composite")
    bench.send(.saved(request))
    #expect(bench.state.history.isUnsaved)
  }

  @Test func aFailedSaveKeepsTheEdits() throws {
    var bench = try edited()
    bench.press(.character("s"), .enter)
    let request = try #require(saved(bench))
    bench.send(.saveFailed(request, "permission denied"))
    #expect(bench.state.history.isUnsaved)
    #expect(bench.state.notice?.text.contains("permission denied") == true)
  }

  @Test func editsMadeWhileSavingStayUnsaved() throws {
    var bench = try edited()
    bench.press(.character("s"), .enter)
    let request = try #require(saved(bench))
    bench.select("classifier")
    bench.press(.character("d"))
    bench.send(.saved(request))
    #expect(bench.state.history.isUnsaved)
    bench.press(.character("u"))
    #expect(!bench.state.history.isUnsaved)
  }

  @Test(arguments: [
    ("", "a path is needed"), ("folder/", "is a folder"), ("x.png", ".png found, .yaml, .yml, .py expected"),
  ])
  func wrongPaths(path: String, problem: String) throws {
    var bench = try edited()
    bench.press(.character("s"), .control("u"))
    bench.type(path)
    bench.press(.enter)
    #expect(saved(bench) == nil)
    #expect(bench.state.view().plainText().contains(problem))
  }

  @Test func quittingWithoutEditsAsksNothing() throws {
    var bench = try Bench()
    bench.press(.character("q"))
    #expect(quits(bench))
  }

  @Test func quittingWithEditsAsks() throws {
    var bench = try edited()
    bench.press(.character("q"))
    #expect(!quits(bench))
    #expect(bench.state.view().plainText().contains("edits that are in no file"))
    bench.press(.escape)
    #expect(bench.state.popup == nil)
    bench.press(.control("c"), .character("d"))
    #expect(quits(bench))
  }

  @Test func savingOnTheWayOutQuitsOnceTheFileIsThere() throws {
    var bench = try edited()
    bench.press(.character("q"), .character("s"), .enter)
    #expect(!quits(bench))
    let request = try #require(saved(bench))
    #expect(request.quitsAfterwards)
    bench.send(.saved(request))
    #expect(quits(bench))
  }

  @Test func aSignalKeepsWhatIsUnsavedAndQuits() throws {
    var bench = try edited()
    bench.send(.terminate(.terminate))
    #expect(quits(bench))
    let keeps = bench.commands.contains { if case .keepUnsaved(let kept) = $0 { kept != nil } else { false } }
    #expect(keeps)
  }

  @Test func whatACrashLeftIsOfferedAndRestoredWithItsHistory() throws {
    var first = try edited()
    first.select("classifier")
    first.press(.character("d"))
    let kept = first.commands.compactMap { if case .keepUnsaved(let work?) = $0 { work } else { nil } }.first
    let work = try #require(kept)
    #expect(work.steps.map(\.edits) == [0, 1, 2])
    #expect(work.steps.first?.title == "epsilon_gamma_box")

    let left = RecoveredWork(path: "/state/unsaved-1", model: "tiny_net", summary: "2 edits of epsilon_gamma_box")
    var bench = try Bench()
    bench.send(.recovered([left]))
    #expect(bench.state.view().plainText().contains("2 edits of epsilon_gamma_box"))
    bench.press(.character("r"))
    #expect(bench.commands.contains { if case .readRecovered(left) = $0 { true } else { false } })
    bench.send(.recoveredOpened(left, work))
    #expect(bench.state.history.isUnsaved && bench.state.history.present.edits == 2)
    #expect(bench.rule("classifier") == nil && bench.rule("conv_stem") == first.rule("conv_stem"))
    let adopted = bench.commands.compactMap { command -> UnsavedWork? in
      if case .adoptRecovered(left, let work) = command { work } else { nil }
    }
    #expect(adopted.map { $0.steps.map(\.edits) } == [[0, 1, 2]], "the old files go when the new ones are there")
    #expect(!bench.commands.contains { if case .forgetRecovered = $0 { true } else { false } })
    bench.press(.character("u"), .character("u"))
    #expect(bench.rule("classifier") == "Epsilon 1e-6" && !bench.state.history.isUnsaved)
  }

  @Test func whatACrashLeftIsDiscardedOrKeptForLater() throws {
    let left = RecoveredWork(path: "/state/unsaved-1", model: nil, summary: "1 edit of epsilon_plus")
    var bench = try Bench()
    bench.press(.character("?"))
    bench.send(.recovered([left, left]))
    #expect(bench.state.popup is HelpScreen, "it waits until nothing else is asked")
    bench.press(.escape)
    #expect(bench.state.popup is Question)
    bench.press(.escape)
    #expect(bench.commands.isEmpty)
    #expect(bench.state.popup is Question, "the second one")
    bench.press(.character("d"))
    #expect(bench.commands.contains { if case .forgetRecovered = $0 { true } else { false } })
    #expect(bench.state.popup == nil)
  }

  /// Restoring replaces the edits at hand.
  @Test func nothingIsOfferedWhileThereAreUnsavedEdits() throws {
    let left = RecoveredWork(path: "/state/unsaved-1", model: nil, summary: "1 edit of epsilon_plus")
    var bench = try edited()
    bench.send(.recovered([left]))
    #expect(bench.state.popup == nil)
    bench.press(.character("u"))
    #expect(bench.state.popup is Question)
  }

  @Test func editsOfAnotherModelOpenIt() throws {
    let left = RecoveredWork(path: "/state/unsaved-1", model: "resnet18", summary: "1 edit of epsilon_plus")
    var bench = try Bench()
    bench.send(.recovered([left]))
    bench.press(.character("r"))
    try bench.open()
    #expect(bench.state.model?.opened.entry.name == "resnet18")
    #expect(bench.commands.contains { if case .readRecovered(left) = $0 { true } else { false } })
  }

  @Test func aCompositeIsOpenedAndUndone() throws {
    var bench = try Bench()
    bench.press(.character("O"))
    bench.type("mine.yaml")
    bench.press(.enter)
    let path = bench.commands.compactMap { if case .openComposite(let path) = $0 { path } else { nil } }.first
    #expect(path == "mine.yaml")
    let composite = NameMapComposite(
      nameMap: [NameMapEntry(["conv_stem"], Flat())], canonizers: [SequentialMergeBatchNorm()])
    bench.send(.compositeOpened(path: "mine.yaml", composite: composite, model: "tiny_net"))
    #expect(bench.rule("conv_stem") == "Flat")
    #expect(bench.rule("classifier") == nil)
    #expect(bench.state.composite.title == "mine.yaml")
    #expect(!bench.state.history.isUnsaved)
    bench.press(.character("u"))
    #expect(bench.rule("conv_stem") == "ZBox")
  }

  @Test func aCompositeThatDoesNotFitIsRefused() throws {
    var bench = try Bench()
    let composite = NameMapComposite(nameMap: [NameMapEntry(["conv_stam"], Flat())])
    bench.send(.compositeOpened(path: "mine.yaml", composite: composite, model: nil))
    #expect(bench.rule("conv_stem") == "ZBox")
    #expect(bench.state.notice?.text.contains("did you mean 'conv_stem'") == true)
  }

  @Test func unsavedEditsAreAskedAboutBeforeAnotherModel() throws {
    var bench = try edited()
    bench.press(.character("m"), .down, .enter)
    #expect(bench.state.popup is Question)
    bench.press(.character("d"))
    #expect(bench.commands.contains { if case .openModel = $0 { true } else { false } })
  }

  @Test func heatmapAndLedgerAreSaved() throws {
    var bench = try Bench()
    bench.press(.character("w"), .enter)
    let request = try #require(saved(bench))
    #expect(request.path == "chelsea-epsilon_gamma_box.png")
    guard case .heatmap(let content) = request.content else {
      Issue.record("not a heatmap")
      return
    }
    #expect(content.panels.map(\.map.width) == [Fixture.side] && content.panels[0].map.height == Fixture.side)
    bench.press(.character("W"), .enter)
    #expect(saved(bench)?.path == "tiny_net-epsilon_gamma_box-ledger.csv")
  }
}
