import Explorer
import TerminalUI
import Testing

/// Marks, ranges, patterns, the filter, and moving about.
struct MarkingTests {
  @Test func spaceMarksAndMovesOn() throws {
    var bench = try Bench()
    bench.select("conv_stem")
    bench.press(.character(" "), .character(" "))
    #expect(bench.state.layers.marks == ["conv_stem", "blocks.0.depthwise"])
    #expect(bench.state.selectedRow?.name == "blocks.0.project")
    bench.press(.up, .character(" "))
    #expect(bench.state.layers.marks == ["conv_stem"])
  }

  @Test func aRangeMarksWhatTakesRules() throws {
    var bench = try Bench()
    bench.select("blocks.1.project")
    bench.press(.character("v"), .down, .down)
    #expect(bench.state.layers.range?.count == 3)
    #expect(bench.state.layers.marks.isEmpty)
    bench.press(.character("v"))
    #expect(bench.state.layers.marks == ["blocks.1.project", "blocks.2.depthwise"], "the plain + takes no rule")
    #expect(bench.state.layers.range == nil)
  }

  @Test func aRangeWorksUpwardsAndEndsWithSpace() throws {
    var bench = try Bench()
    bench.select("blocks.0.project")
    bench.press(.character("v"), .up, .up, .character(" "))
    #expect(bench.state.layers.marks == ["conv_stem", "blocks.0.depthwise", "blocks.0.project"])
  }

  @Test func escapeGivesARangeUpAndThenTheMarks() throws {
    var bench = try Bench()
    bench.select("conv_stem")
    bench.press(.character(" "), .character("v"), .down, .escape)
    #expect(bench.state.layers.range == nil)
    #expect(bench.state.layers.marks == ["conv_stem"])
    bench.press(.escape)
    #expect(bench.state.layers.marks.isEmpty)
  }

  @Test func whatTakesNoRuleCannotBeMarked() throws {
    var bench = try Bench()
    bench.select("blocks.1.+")
    bench.press(.character(" "))
    #expect(bench.state.layers.marks.isEmpty)
    #expect(bench.state.notice?.text.contains("takes no rule") == true)
  }

  @Test func aKindIsMarkedInOneGo() throws {
    var bench = try Bench()
    bench.select("conv_stem")
    bench.press(.character("K"))
    #expect(bench.state.layers.marks.count == 7)
    bench.press(.character("U"))
    #expect(bench.state.layers.marks.isEmpty)
  }

  @Test(arguments: [
    ("blocks.1.*", 3), ("*.project", 3), ("blocks.?.sum", 2), ("conv2d", 7), ("relu", 4), ("nothing", 0), ("*", 16),
  ])
  func patternsAndKinds(pattern: String, count: Int) throws {
    var bench = try Bench()
    bench.press(.character("*"))
    bench.type(pattern)
    bench.press(.enter)
    #expect(bench.state.layers.marks.count == count)
    #expect((bench.state.popup == nil) == (count > 0), "the prompt stays where nothing fits")
  }

  @Test(arguments: [
    ("project", ["blocks.0.project", "blocks.1.project", "blocks.2.project"]), ("linear", ["classifier"]),
    ("zbox", ["conv_stem"]), ("blocks.2 conv", ["blocks.2.depthwise", "blocks.2.project"]),
    ("*sum", ["blocks.0.sum", "blocks.2.sum"]), ("gradient", ["blocks.1.+", "flatten"]),
    ("relu", ["relu_stem", "blocks.0.relu", "blocks.1.relu", "blocks.2.relu"]), ("xyzzy", []),
  ])
  func filter(text: String, names: [String]) throws {
    var bench = try Bench()
    bench.press(.character("/"))
    bench.type(text)
    bench.press(.enter)
    #expect(bench.state.layers.visible.compactMap { bench.state.model?.row($0)?.name } == names)
    bench.press(.escape)
    #expect(bench.state.layers.filter.isEmpty)
    #expect(bench.state.layers.visible.count == 13)
  }

  @Test func theSelectionStaysOnItsLayerWhenTheListChanges() throws {
    var bench = try Bench()
    bench.select("blocks.1.project")
    bench.press(.character("A"))
    #expect(bench.state.layers.visible.count == 18)
    #expect(bench.state.selectedRow?.name == "blocks.1.project")
    bench.press(.character("/"))
    bench.type("project")
    #expect(bench.state.selectedRow?.name == "blocks.1.project")
  }

  @Test(arguments: [
    ("*", "", true), ("a*c", "abbc", true), ("a*c", "abbd", false), ("a?c", "abc", true), ("a?c", "ac", false),
    ("*.*.x", "a.b.x", true), ("", "", true), ("", "a", false), ("**a", "bba", true),
  ])
  func globs(pattern: String, text: String, matches: Bool) {
    #expect(Glob.matches(pattern, text) == matches)
  }

  @Test func panesTakeTurns() throws {
    var bench = try Bench()
    bench.press(.tab)
    #expect(bench.state.focus == .ledger)
    bench.press(.tab, .tab, .tab)
    #expect(bench.state.focus == .layers)
    bench.press(.backTab)
    #expect(bench.state.focus == .classes)
    bench.press(.character("3"))
    #expect(bench.state.focus == .heatmap)
    bench.press(.character("z"))
    #expect(bench.state.zoomed == .heatmap)
    bench.press(.character("z"))
    #expect(bench.state.zoomed == nil)
  }
}
