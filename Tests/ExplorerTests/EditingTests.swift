import Explorer
import LRP
import TerminalUI
import Testing

/// Rules, parameters, presets, undo.
struct EditingTests {
  /// Marks the three 1x1 convolutions and opens the rule picker.
  private func picking() throws -> Bench {
    var bench = try Bench()
    bench.press(.character("*"))
    bench.type("*.project")
    bench.press(.enter, .character("1"), .enter)
    return bench
  }

  private func picker(_ bench: Bench) throws -> RulePicker { try #require(bench.state.popup as? RulePicker) }

  @Test func thePickerOffersWhatAllMarkedLayersCanTake() throws {
    let bench = try picking()
    let picker = try picker(bench)
    #expect(picker.paths == ["blocks.0.project", "blocks.1.project", "blocks.2.project"])
    let names = picker.choices.map(\.name)
    #expect(names.contains("Gamma") && names.contains("Epsilon"))
    #expect(!names.contains("ZBox"), "its bounds have three channels, these layers eight")
    #expect(!names.contains("ReLUDeconvNet"))
    #expect(names.last == "gradient")
    #expect(picker.choice.name == "Gamma", "the rule the layers have")
  }

  @Test func theFirstLayerCanTakeTheBox() throws {
    var bench = try Bench()
    bench.select("conv_stem")
    bench.press(.enter)
    let picker = try picker(bench)
    #expect(picker.choice.name == "ZBox")
    #expect(picker.choice.fields.first?.text == "[-2.1, -2, -1.8]")
  }

  @Test func parametersAreCheckedAsTyped() throws {
    var bench = try picking()
    bench.press(.tab, .control("u"))
    #expect(try picker(bench).problem == "gamma: nothing found, a number of at least 0 expected")
    bench.type("-")
    #expect(try picker(bench).problem == "gamma: “-” found, a number of at least 0 expected")
    bench.type("1")
    #expect(try picker(bench).problem == "gamma: -1 found, a number of at least 0 expected")
    let requests = bench.requests.count
    bench.press(.enter)
    #expect(bench.state.popup != nil, "a wrong value is not assigned")
    #expect(bench.requests.count == requests)
    bench.press(.control("u"))
    bench.type("0.5")
    #expect(try picker(bench).problem == nil)
  }

  @Test func theHeatmapFollowsAndEscapeRestores() throws {
    var bench = try picking()
    let before = bench.requests.count
    bench.press(.tab, .control("u"))
    bench.type("0.5")
    // "0" and "0.5" can be run, "0." is the same as "0".
    #expect(bench.requests.count == before + 2)
    #expect(bench.rule("blocks.1.project") == "Gamma 0.5")
    #expect(bench.state.history.past.isEmpty)
    bench.press(.escape)
    #expect(bench.state.popup == nil)
    #expect(bench.rule("blocks.1.project") == "Gamma 0.25")
    #expect(bench.requests.count == before + 3, "what was before is run again")
  }

  @Test func escapeWithoutAChangeRunsNothing() throws {
    var bench = try picking()
    let before = bench.requests.count
    bench.press(.escape)
    #expect(bench.requests.count == before)
    #expect(bench.state.preview == nil)
  }

  @Test func aRuleGoesToAllMarkedLayers() throws {
    var bench = try picking()
    bench.press(.tab, .control("u"))
    bench.type("0.5")
    let before = bench.requests.count
    bench.press(.enter)
    #expect(bench.requests.count == before, "the preview is already being run")
    for block in 0..<3 { #expect(bench.rule("blocks.\(block).project") == "Gamma 0.5") }
    #expect(bench.rule("blocks.0.depthwise") == "Gamma 0.25")
    #expect(bench.state.history.present.label == "Gamma 0.5 → 3 layers")
    #expect(bench.state.history.isUnsaved)
    #expect(bench.state.composite.rules["blocks.0.project"]?.isEdited == true)
    #expect(bench.state.compositeLabel == "epsilon_gamma_box* (1 edit)")
  }

  @Test func theRequestCarriesTheEditedMap() throws {
    var bench = try picking()
    bench.press(.tab, .control("u"))
    bench.type("2")
    let composite = try #require(bench.requests.last?.composite as? NameMapComposite)
    let entry = try #require(composite.nameMap.first { $0.names.contains("blocks.2.project") })
    #expect(entry.rule.summary == "Gamma gamma=2")
    #expect(entry.names == ["blocks.0.project", "blocks.1.project", "blocks.2.project"])
    #expect(composite.canonizers.map(\.name) == ["SequentialMergeBatchNorm"])
  }

  @Test func typingANumberGoesToTheFirstParameter() throws {
    var bench = try picking()
    bench.press(.character("1"))
    #expect(try picker(bench).form.field == 0)
    #expect(bench.rule("blocks.0.project") == "Gamma 1")
    bench.press(.shiftUp)
    #expect(bench.rule("blocks.0.project") == "Gamma 2")
    bench.press(.shiftDown, .shiftDown)
    #expect(bench.rule("blocks.0.project") == "Gamma 0.5")
  }

  @Test func noRuleIsAChoiceToo() throws {
    var bench = try picking()
    bench.press(.end, .enter)
    #expect(bench.rule("blocks.0.project") == nil)
    #expect(bench.state.history.present.label == "gradient → 3 layers")
    bench.select("conv_stem")
    bench.press(.character("U"), .character("d"))
    #expect(bench.rule("conv_stem") == nil)
  }

  @Test func undoAndRedoWithoutLimit() throws {
    var bench = try Bench()
    let names = ["conv_stem", "blocks.0.project", "blocks.1.project", "classifier"]
    for name in names {
      bench.select(name)
      bench.press(.character("d"))
    }
    #expect(names.allSatisfy { bench.rule($0) == nil })
    for _ in names { bench.press(.character("u")) }
    #expect(bench.rule("conv_stem") == "ZBox")
    #expect(!bench.state.history.isUnsaved)
    bench.press(.character("u"))
    #expect(bench.state.notice?.text == "Undo: nothing to undo")
    bench.press(.control("r"), .control("r"))
    #expect(bench.rule("blocks.0.project") == nil)
    #expect(bench.rule("blocks.1.project") == "Gamma 0.25")
    let requests = bench.requests.count
    bench.press(.character("e"), .home, .enter)
    #expect(bench.rule("conv_stem") == "ZBox")
    #expect(bench.requests.count == requests + 1)
  }

  @Test func anEditAfterUndoForgetsWhatCouldBeRedone() throws {
    let bench = try Bench.play(
      """
      wait ready
      press j d u           # conv_stem
      press end d           # classifier
      maybe press ctrl-r
      expect "Redo: nothing to redo"
      """)
    #expect(bench.rule("conv_stem") == "ZBox" && bench.rule("classifier") == nil)
  }

  @Test func biasesAreKeptFromTakingRelevance() throws {
    var bench = try Bench.play(
      """
      wait ready
      press *
      type "blocks.0.project"
      press enter b U
      """)
    #expect(bench.rule("blocks.0.project") == "Gamma 0.25 -bias")
    bench.select("blocks.0.project")
    bench.press(.character("b"))
    #expect(bench.rule("blocks.0.project") == "Gamma 0.25")
    bench.select("blocks.0.sum")
    bench.press(.character("b"))
    #expect(bench.state.notice?.text.contains("no zero_params") == true)
  }

  @Test func presetsAreTriedAndTaken() throws {
    let bench = try Bench.play(
      """
      wait ready
      press p home
      expect "ZPlus"
      press escape
      expect no "ZPlus"
      press p home enter
      wait ready
      expect " epsilon_plus "
      expect "Epsilon 1e-6"
      press u
      wait ready
      """)
    #expect(bench.state.composite.title == "epsilon_gamma_box")
    #expect(!bench.state.history.isUnsaved)
  }

  @Test func theInputTakesNoRule() throws {
    let bench = try Bench.play("wait ready\nmaybe press enter\nexpect \"the input takes no rule\"")
    #expect(bench.state.popup == nil)
  }

  @Test(arguments: [
    ("Gamma", "gamma", "0.25", "0.25"), ("Gamma", "gamma", " 1e-3 ", "0.001"),
    ("Gamma", "stabilizer", "{epsilon: 0.5, norm_scale: true}", "{epsilon: 0.5, norm_scale: true}"),
    ("Gamma", "stabilizer", "{epsilon: 1, clip: true, dim: [1, 2]}", "{epsilon: 1, clip: true, dim: [1, 2]}"),
    ("Gamma", "zero_params", "bias", "[bias]"), ("Gamma", "zero_params", "[bias, weight]", "[weight, bias]"),
    ("Gamma", "zero_params", "", "[]"), ("ZBox", "low", "-1", "-1"), ("ZBox", "low", "-1, -2", "[-1, -2]"),
    ("ZBox", "low", "[-1, -2, 0.5]", "[-1, -2, 0.5]"),
  ])
  func parameterTexts(rule: String, name: String, text: String, value: String) throws {
    let parameter = try #require(RuleCatalog.description(of: rule)?.parameters.first { $0.name == name })
    let read = try ParameterText.read(text, for: parameter)
    #expect(read.description == value)
    #expect(try ParameterText.read(ParameterText.text(of: read), for: parameter) == read)
  }

  @Test(arguments: [
    ("Gamma", "gamma", "abc"), ("Gamma", "gamma", "nan"), ("Gamma", "gamma", "inf"), ("Gamma", "gamma", "-0.1"),
    ("Gamma", "stabilizer", "{epsilon: x}"), ("Gamma", "stabilizer", "{unknown: 1}"), ("Gamma", "stabilizer", "{"),
    ("Gamma", "stabilizer", "-1"), ("Gamma", "zero_params", "biass"), ("ZBox", "low", ""), ("ZBox", "low", "[1, x]"),
  ])
  func wrongParameterTexts(rule: String, name: String, text: String) throws {
    let parameter = try #require(RuleCatalog.description(of: rule)?.parameters.first { $0.name == name })
    #expect {
      try ParameterText.read(text, for: parameter)
    } throws: { error in
      "\(error)".contains(name) && "\(error)".contains("expected")
    }
  }
}
