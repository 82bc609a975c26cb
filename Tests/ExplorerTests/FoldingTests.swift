import Explorer
import LRP
import TerminalUI
import Testing

/// Blocks of layers as one row each.
struct FoldingTests {
  private func names(_ bench: Bench) -> [String] {
    bench.state.layers.visible.map { node in
      bench.state.layers.blocks[node].map { "▸\($0.path)" } ?? bench.state.model?.row(node)?.name ?? ""
    }
  }

  @Test func aBlockIsFoldedAndOpened() throws {
    var bench = try Bench()
    let open = names(bench)
    bench.select("blocks.1.depthwise")
    bench.press(.character("f"))
    #expect(
      names(bench) == [
        "input", "conv_stem", "blocks.0.depthwise", "blocks.0.project", "blocks.0.sum", "▸blocks.1",
        "blocks.2.depthwise", "blocks.2.project", "blocks.2.sum", "avgpool", "classifier",
      ])
    let block = try #require(bench.state.selectedBlock)
    #expect(block.path == "blocks.1" && block.listed.count == 3 && block.nodes.count == 4)
    #expect(block.paths.contains("blocks.1.project") && !block.paths.contains("blocks.1.+"))
    bench.press(.character("f"))
    #expect(names(bench) == open)
    #expect(bench.state.selectedRow?.name == "blocks.1.depthwise")
  }

  @Test func arrowsFoldOutwardsAndOpenInwards() throws {
    var bench = try Bench()
    bench.select("blocks.1.project")
    bench.press(.left, .left)
    #expect(names(bench) == ["input", "conv_stem", "▸blocks", "avgpool", "classifier"])
    bench.press(.left)
    #expect(bench.state.notice?.text.contains("no larger block") == true)
    bench.press(.right)
    #expect(names(bench).contains("▸blocks.1") && names(bench).contains("blocks.2.sum"))
    bench.select("conv_stem")
    bench.press(.character("f"))
    #expect(bench.state.notice?.text.contains("in no block") == true)
  }

  @Test func allBlocksAtOnce() throws {
    var bench = try Bench()
    let open = names(bench)
    bench.press(.character("F"))
    #expect(
      names(bench) == ["input", "conv_stem", "▸blocks.0", "▸blocks.1", "▸blocks.2", "avgpool", "classifier"])
    bench.press(.character("F"))
    #expect(names(bench) == ["input", "conv_stem", "▸blocks", "avgpool", "classifier"])
    bench.press(.character("F"))
    #expect(names(bench) == open)
  }

  @Test func theBalanceIsThatOfTheWholeBlock() throws {
    var bench = try Bench()
    bench.press(.character("F"), .character("1"), .home, .down, .down)
    let block = try #require(bench.state.selectedBlock)
    let outcome = try #require(bench.state.attribution.outcome)
    let balance = try #require(bench.state.selectedBalance)
    let last = try #require(outcome.balance(ofNode: block.node))
    let first = try #require(block.nodes.compactMap { outcome.balance(ofNode: $0) }.min { $0.node < $1.node })
    #expect(balance.outgoing == last.outgoing)
    // The fixture's relevance goes straight through, so what the first layer hands on is what the block does.
    #expect(abs(balance.incoming - first.incoming) < 1e-9)
    #expect(abs(balance.outgoing - balance.incoming - balance.bias - balance.stabilizer - balance.other) < 1e-9)
    #expect(bench.state.view().plainText().contains("Ledger · blocks.0 (3 layers)"))
  }

  @Test func editsAndMarksGoToAllLayersOfABlock() throws {
    var bench = try Bench()
    bench.press(.character("F"), .character("1"), .home, .down, .down, .down, .down, .character("d"))
    #expect(bench.rule("blocks.2.project") == nil && bench.rule("blocks.2.depthwise") == nil)
    #expect(bench.rule("blocks.1.project") == "Gamma 0.25")
    #expect(bench.state.history.present.label.hasSuffix("layers of blocks.2"))
    bench.press(.character("u"), .character(" "))
    let block = try #require(bench.state.layers.blocks.values.first { $0.path == "blocks.2" })
    #expect(bench.state.layers.marks == Set(block.paths))
    bench.press(.up, .character(" "))
    #expect(bench.state.layers.marks.isEmpty, "all were marked, none is now")
  }

  @Test func marksInsideAreKeptAndCounted() throws {
    var bench = try Bench()
    bench.select("blocks.1.depthwise")
    bench.press(.character(" "), .character("f"))
    #expect(bench.state.layers.marks == ["blocks.1.depthwise"])
    #expect(bench.state.view().plainText().contains("1/2 marked"))
    bench.press(.character("f"))
    #expect(bench.state.layers.marks == ["blocks.1.depthwise"])
  }

  @Test func aFilterListsLayersOneByOne() throws {
    var bench = try Bench()
    bench.press(.character("F"), .character("/"))
    bench.type("project")
    bench.press(.enter)
    #expect(names(bench) == ["blocks.0.project", "blocks.1.project", "blocks.2.project"])
    bench.press(.character("f"))
    #expect(bench.state.notice?.text.contains("a filter lists layers one by one") == true)
    bench.press(.escape)
    #expect(names(bench).contains("▸blocks.1"))
  }

  @Test func theMouseFoldsAndOpens() throws {
    var bench = try Bench()
    let layers = bench.state.layout.layers
    let row = try #require(bench.state.layers.visible.firstIndex { bench.state.layers.heads.contains($0) })
    bench.send(.mouse(MouseEvent(.press(.left), x: layers.x + 2, y: layers.y + 2 + row)))
    let folded = try #require(bench.state.selectedBlock)
    #expect(folded.path == "blocks.0")
    let place = bench.state.layers.list.selected
    bench.send(.mouse(MouseEvent(.press(.left), x: layers.x + 12, y: layers.y + 2 + place)))
    #expect(bench.state.layers.blocks.isEmpty, "a second click opens")
  }
}
