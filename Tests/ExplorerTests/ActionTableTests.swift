import Explorer
import Foundation
import TerminalUI
import Testing

/// The declarations that footer, help, palette and cheat sheet are made from.
struct ActionTableTests {
  @Test func identifiersAreUnique() {
    #expect(Set(ActionTable.all.map(\.id)).count == ActionTable.all.count)
  }

  @Test(arguments: ExplorerState.Pane.allCases)
  func noKeyMeansTwoThingsInAPane(pane: ExplorerState.Pane) {
    for action in ActionTable.all where action.applies(in: pane) {
      for key in action.keys {
        let rivals = ActionTable.all.filter {
          $0.applies(in: pane) && $0.keys.contains(key) && ($0.panes == nil) == (action.panes == nil)
        }
        #expect(rivals.count == 1, "\(key.displayText): \(rivals.map(\.id))")
      }
    }
  }

  @Test func everythingInTheFooterIsDeclared() {
    for id in ActionTable.footer { #expect(ActionTable.action(id)?.hint != nil, "\(id)") }
  }

  @Test func theCheatSheetNamesEveryAction() {
    for action in ActionTable.all {
      #expect(Cheatsheet.plainText.contains(action.title))
    }
  }

  /// The keys of the table in README are declared, and it has those that the footer shows.
  @Test func theReadmeKnowsTheKeys() throws {
    let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: checkout.appending(path: "README.md"), encoding: .utf8)
    let table = readme.split(separator: "\n").drop { !$0.hasPrefix("| key |") }.dropFirst(2).prefix {
      $0.hasPrefix("| ")
    }
    #expect(!table.isEmpty)
    var keys = Set<Key>()
    for row in table {
      let cell = row.dropFirst(2).prefix { $0 != "|" }
      for text in cell.split(separator: "`").map(String.init) where !text.allSatisfy({ " –,".contains($0) }) {
        let key = try #require(Key(displayText: text), "\(text)")
        #expect(ActionTable.all.contains { $0.keys.contains(key) }, "\(text) does nothing")
        keys.insert(key)
      }
    }
    for id in ActionTable.footer {
      let action = try #require(ActionTable.action(id))
      let isThere = action.keys.contains(where: keys.contains) || action.group == .moving
      #expect(isThere, "README says nothing of \(action.keyText): \(action.title)")
    }
  }

  @Test func theFooterShowsWhatCanBeDone() throws {
    var bench = try Bench(isExplained: false)
    var hints = ActionTable.hints(for: bench.state).map(\.action.id)
    #expect(!hints.contains("layers.rule"))
    #expect(hints.contains("explain.model"))
    try bench.open()
    try bench.finish()
    hints = ActionTable.hints(for: bench.state).map(\.action.id)
    #expect(!hints.contains("layers.rule") && !hints.contains("layers.mark"), "the input takes neither")
    bench.press(.down)
    hints = ActionTable.hints(for: bench.state).map(\.action.id)
    #expect(Array(hints.prefix(3)) == ["layers.rule", "layers.mark", "layers.range"])
  }

  @Test func thePaletteFindsAndSaysWhyNot() throws {
    var bench = try Bench()
    bench.press(.character(":"))
    bench.type("undo")
    #expect(bench.state.view().plainText().contains("Undo – nothing to undo"))
    bench.press(.escape, .character(":"))
    bench.type("colour map")
    bench.press(.enter)
    #expect(bench.state.popup is ColorMapPicker)
  }

  @Test func helpListsTheKeysOfTheFocusedPaneFirst() throws {
    var bench = try Bench(width: 120, height: 60)
    bench.press(.character("3"), .character("?"))
    let text = bench.state.view().plainText()
    #expect(text.contains("In this pane: Heatmap"))
    #expect(text.contains("Percentile at which the scale is clipped"))
    bench.press(.escape)
    #expect(bench.state.popup == nil)
  }

  /// The help window is as wide as the smallest screen allows.
  @Test(arguments: ActionTable.all)
  func titlesAreNotCutInTheHelp(action: Action) { #expect(action.title.displayWidth <= 55) }

  /// Everything in the help has room for it on the smallest screen, in two columns on the largest.
  @Test(arguments: [(80, 24), (200, 60)])
  func nothingIsCutInTheHelp(size: (Int, Int)) throws {
    var bench = try Bench(width: size.0, height: size.1)
    bench.press(.character("?"))
    var seen = ""
    for _ in 0..<10 {
      let place = try #require(bench.state.popup?.frame(bench.state))
      let window = bench.state.view().cropped(to: place).plainText()
      #expect(!window.replacing("Occlusion, …", with: "").contains("…"), "\(window)")
      seen += window
      bench.press(.pageDown)
    }
    #expect(seen.contains("from the logit (left) to the input"))
  }

  @Test func anUnknownKeySaysSo() throws {
    var bench = try Bench()
    bench.press(.function(11))
    #expect(bench.state.notice?.text == "F11 does nothing here; ? shows the keys")
  }

  @Test func aKeyOfAnotherPaneSaysWhich() throws {
    var bench = try Bench()
    bench.press(.character("4"), .character("v"))
    #expect(
      bench.state.notice?.text
        == "v (Mark a range: start here, move, end with v or space) works in the pane Layers: 1 goes there")
  }
}
