import Explorer
import Foundation
import TerminalUI
import Testing

/// Whole screens and panes, cell by cell.
struct ScreenTests {
  static let sizes = [(80, 24), (120, 40), (200, 60)]

  /// Scenes by name, each with the keys that lead there.
  static let scenes: [(name: String, keys: [Key])] = [
    ("main", []),
    ("marks", [.character(" "), .character("v"), .down, .down, .character("v")]),
    ("rules", [.enter]),
    ("parameters", [.enter, .tab, .control("u"), .character("-")]),
    ("presets", [.character("p")]),
    ("preset search", [.character("p"), .character("f"), .character("l"), .character("a")]),
    ("methods", [.character("M"), .down, .tab]),
    ("folded", [.character("F"), .up]),
    ("second target", [.character("T")]),
    ("help", [.character("?")]),
    ("palette", [.character(":")]),
    ("target", [.character("t")]),
    ("models", [.character("m")]),
    ("colors", [.character("C")]),
    ("save", [.character("s")]),
    ("edits", [.character("d"), .character("e")]),
    ("unsaved", [.character("d"), .character("q")]),
    ("filter", [.character("/"), .character("s"), .character("u"), .character("m")]),
    ("all layers", [.character("A")]),
    ("zoom", [.character("z")]),
    ("wide ledger", [.character("2"), .character("Z")]),
    ("wide layers", [.character("1"), .character("Z")]),
  ]

  private func bench(_ width: Int, _ height: Int, _ keys: [Key]) throws -> Bench {
    var bench = try Bench(width: width, height: height)
    bench.select("blocks.0.project")
    for key in keys { bench.press(key) }
    return bench
  }

  @Test(arguments: sizes, scenes.map(\.name))
  func screens(size: (Int, Int), name: String) throws {
    let keys = Self.scenes.first { $0.name == name }?.keys ?? []
    let buffer = try bench(size.0, size.1, keys).state.view()
    #expect(buffer.width == size.0 && buffer.height == size.1)
    try Snapshot.expect(text: buffer.plainText(), named: "screens/\(name) \(size.0)x\(size.1)")
  }

  @Test(arguments: sizes)
  func comparison(size: (Int, Int)) throws {
    var bench = try bench(size.0, size.1, [.character("c"), .character("d")])
    try bench.finish(shift: 0.2)
    try Snapshot.expect(text: bench.state.view().plainText(), named: "screens/comparison \(size.0)x\(size.1)")
  }

  @Test(arguments: sizes)
  func twoTargets(size: (Int, Int)) throws {
    var bench = try bench(size.0, size.1, [.character("T"), .enter])
    try bench.finish(shift: 0.2)
    try Snapshot.expect(text: bench.state.view().plainText(), named: "screens/two targets \(size.0)x\(size.1)")
  }

  @Test func recoveredEdits() throws {
    var bench = try bench(80, 24, [])
    bench.send(
      .recovered([RecoveredWork(path: "x", model: "tiny_net", summary: "3 edits of epsilon_plus, 2026-11-23 18:02")]))
    try Snapshot.expect(text: bench.state.view().plainText(), named: "screens/recovered 80x24")
  }

  @Test(arguments: ExplorerState.Pane.allCases)
  func panes(pane: ExplorerState.Pane) throws {
    let bench = try bench(80, 24, [])
    let part = bench.state.view().cropped(to: bench.state.layout.place(of: pane))
    try Snapshot.expect(part, named: "panes/\(pane.title) 80x24")
  }

  /// The selected row beside others, in 24-bit colour and in the colours that 256 have for it.
  @Test func selectedRows() throws {
    let bench = try bench(80, 24, [.character("m")])
    let place = try #require(bench.state.popup?.frame(bench.state))
    let part = bench.state.view().cropped(to: Rect(x: place.x, y: place.y, width: place.width, height: 4))
    try Snapshot.expect(part, named: "panes/models 80x24")
    try Snapshot.expect(
      text: part.ansiText(DisplayCapabilities(colorMode: .indexed256, glyphs: .unicode)),
      named: "panes/models 256 colours 80x24")
  }

  @Test func titleAndFooter() throws {
    let buffer = try bench(120, 40, []).state.view()
    try Snapshot.expect(buffer.cropped(to: Rect(x: 0, y: 0, width: 120, height: 1)), named: "panes/title 120")
    try Snapshot.expect(buffer.cropped(to: Rect(x: 0, y: 39, width: 120, height: 1)), named: "panes/footer 120")
  }

  @Test(arguments: [ColorMode.monochrome, .ansi16, .indexed256])
  func poorerTerminals(mode: ColorMode) throws {
    let capabilities = DisplayCapabilities(colorMode: mode, glyphs: mode == .monochrome ? .ascii : .unicode)
    let bench = try Bench(width: 80, height: 24, capabilities: capabilities)
    try Snapshot.expect(
      text: bench.state.view().ansiText(capabilities), named: "screens/\(mode.displayText) 80x24")
  }

  @Test func emptyStates() throws {
    var bench = try Bench(width: 80, height: 24, isExplained: false)
    try Snapshot.expect(text: bench.state.view().plainText(), named: "screens/opening 80x24")
    try bench.open()
    try Snapshot.expect(text: bench.state.view().plainText(), named: "screens/explaining 80x24")
    bench.press(.character("/"), .character("?"))
    #expect(bench.state.view().plainText().contains("No layer fits the filter"))
  }

  @Test(arguments: [(79, 24), (80, 23), (1, 1), (0, 0), (20, 5)])
  func belowTheSmallestSizeKeysDoNothing(width: Int, height: Int) throws {
    var bench = try Bench()
    bench.select("conv_stem")
    bench.send(.resize(width: width, height: height))
    let buffer = bench.state.view()
    #expect(buffer.width == width && buffer.height == height)
    if width >= 20 { #expect(buffer.plainText().contains("lrp needs 80x24")) }
    bench.press(.character("d"), .character(" "), .enter, .character("p"), .character(":"))
    bench.send(.mouse(MouseEvent(.press(.left), x: 0, y: 0)))
    #expect(bench.rule("conv_stem") == "ZBox")
    #expect(bench.state.popup == nil)
    bench.send(.resize(width: 80, height: 24))
    #expect(bench.state.view().plainText().contains("Layers"))
    #expect(bench.state.selectedRow?.name == "conv_stem")
  }

  @Test func aTooSmallScreenCanBeLeftUnlessEditsWouldBeLost() throws {
    var bench = try Bench(width: 60, height: 20)
    bench.press(.character("q"))
    #expect(bench.commands.contains { if case .quit = $0 { true } else { false } })
    var edited = try Bench()
    edited.select("conv_stem")
    edited.press(.character("d"))
    edited.send(.resize(width: 60, height: 20))
    edited.press(.character("q"))
    #expect(edited.commands.isEmpty)
  }

  @Test func theMouseFocusesSelectsAndScrolls() throws {
    var bench = try Bench()
    let layout = bench.state.layout
    bench.send(.mouse(MouseEvent(.press(.left), x: layout.classes.x + 5, y: layout.classes.y + 3)))
    #expect(bench.state.focus == .classes)
    #expect(bench.state.classes.list.selected == 2)
    bench.send(.mouse(MouseEvent(.press(.left), x: layout.classes.x + 5, y: layout.classes.y + 3)))
    #expect(bench.state.target == .index(5), "a second click explains")
    bench.send(.mouse(MouseEvent(.press(.left), x: layout.layers.x + 10, y: layout.layers.y + 4)))
    #expect(bench.state.focus == .layers)
    #expect(bench.state.selectedRow?.name == "blocks.0.depthwise")
    bench.send(.mouse(MouseEvent(.press(.left), x: layout.layers.x + 4, y: layout.layers.y + 4)))
    #expect(bench.state.layers.marks == ["blocks.0.depthwise"])
    bench.send(.resize(width: 80, height: 24))
    bench.send(.mouse(MouseEvent(.wheelDown, x: 5, y: 5)))
    #expect(bench.state.layers.list.offset == 2, "three lines, of which there are two")
  }

  @Test func hintsCanBeClicked() throws {
    var bench = try Bench()
    bench.select("conv_stem")
    let footer = bench.state.view().text(39)
    for (text, check) in [("preset", { $0 is PresetPicker }), ("help", { $0 is HelpScreen })]
      as [(String, ((any ModalPane)?) -> Bool)]
    {
      let range = try #require(footer.range(of: text))
      let x = footer[..<range.lowerBound].displayWidth
      bench.send(.mouse(MouseEvent(.press(.left), x: x, y: 39)))
      #expect(check(bench.state.popup), "\(text)")
      bench.press(.escape)
    }
  }
}
