import Explorer
import TerminalUI
import Testing

/// What all pickers with a search line share.
struct PickerTests {
  static let keys: [(key: Key, word: String)] = [
    (.character("p"), "plus_flat"), (.character(":"), "undo"), (.character("m"), "resnet"),
    (.character("t"), "lynx"), (.character("C"), "seismic"),
  ]

  @Test(arguments: keys.map(\.key))
  func typedLettersSearchAndEscapeCloses(key: Key) throws {
    var bench = try Bench()
    let word = Self.keys.first { $0.key == key }?.word ?? ""
    bench.press(key)
    let all = bench.state.view().plainText()
    bench.type(word)
    let found = bench.state.view().plainText()
    #expect(found != all && found.contains(word))
    bench.press(.escape)
    #expect(bench.state.popup == nil)
  }

  @Test func aSearchedPresetIsTriedAtOnceAndTaken() throws {
    var bench = try Bench()
    bench.press(.character("p"))
    bench.type("plus_flat")
    #expect(bench.rule("conv_stem") == "Flat")
    bench.press(.enter)
    #expect(bench.state.composite.title == "epsilon_plus_flat")
    bench.press(.character("p"))
    bench.type("nothing of the kind")
    #expect(bench.state.view().plainText().contains("No preset is called that."))
    bench.press(.enter)
    #expect(bench.state.popup != nil)
  }

  @Test(arguments: keys.map(\.key))
  func hintsAndPlacesBesideCanBeClicked(key: Key) throws {
    var bench = try Bench()
    bench.press(key)
    let frame = try #require(bench.state.popup?.frame(bench.state))
    let y = frame.maxY - 2
    let line = bench.state.view().text(y)
    let place = try #require(line.range(of: "Esc"))
    bench.send(.mouse(MouseEvent(.press(.left), x: line[..<place.lowerBound].displayWidth, y: y)))
    #expect(bench.state.popup == nil, "the hint says Esc")
    bench.press(key)
    bench.send(.mouse(MouseEvent(.press(.left), x: frame.x, y: frame.y)))
    #expect(bench.state.popup != nil, "the frame belongs to the window")
    bench.send(.mouse(MouseEvent(.press(.left), x: frame.maxX, y: frame.maxY)))
    #expect(bench.state.popup == nil)
  }

  @Test func questionsAndPromptsAreAnsweredWithTheMouse() throws {
    var bench = try Bench()
    bench.select("conv_stem")
    bench.press(.character("d"), .character("q"))
    let frame = try #require(bench.state.popup?.frame(bench.state))
    let line = bench.state.view().text(frame.maxY - 2)
    let place = try #require(line.range(of: "discard"))
    bench.send(.mouse(MouseEvent(.press(.left), x: line[..<place.lowerBound].displayWidth, y: frame.maxY - 2)))
    #expect(bench.commands.contains { if case .quit = $0 { true } else { false } })
  }

  @Test func pickersThatAreTriedOutLeaveTheHeatmapInSight() throws {
    for key in [Key.character("p"), .character("C"), .character("M"), .enter] {
      var bench = try Bench(width: 80, height: 24)
      bench.select("conv_stem")
      bench.press(key)
      let frame = try #require(bench.state.popup?.frame(bench.state))
      #expect(frame.intersection(bench.state.layout.heatmap).isEmpty, "\(key.displayText)")
    }
  }
}
