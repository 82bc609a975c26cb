import Explorer
import LRP
import TerminalUI
import Testing

/// What the tutor looks like.
struct TutorScreenTests {
  static let sizes = [(80, 24), (120, 40), (200, 60)]

  @Test(arguments: sizes, [false, true])
  func screens(size: (Int, Int), isLarge: Bool) throws {
    var bench = try TutorBench(isLarge: isLarge, width: size.0, height: size.1)
    let name = "\(isLarge ? "large " : "")\(size.0)x\(size.1)"
    func record(_ scene: String) throws {
      let buffer = bench.state.view()
      #expect(buffer.width == size.0 && buffer.height == size.1)
      try Snapshot.expect(text: buffer.plainText(), named: "tutor/\(scene) \(name)")
    }
    try record("step")
    try bench.press(.function(4))
    try record("done")
    try bench.press(.function(2), .enter)
    try record("rules")
  }

  @Test(arguments: sizes)
  func list(size: (Int, Int)) throws {
    var bench = try TutorBench(width: size.0, height: size.1)
    try bench.press(.function(4), .function(6))
    try Snapshot.expect(text: bench.state.view().plainText(), named: "tutor/list \(size.0)x\(size.1)")
  }

  @Test func colours() throws {
    var bench = try TutorBench(width: 80, height: 24)
    let part = bench.state.view().cropped(
      to: Rect(x: 0, y: bench.state.height, width: 80, height: bench.state.panelRows))
    try Snapshot.expect(part, named: "tutor/panel colours")
    try bench.press(.function(4))
    let done = bench.state.view().cropped(
      to: Rect(x: 0, y: bench.state.height, width: 80, height: bench.state.panelRows))
    try Snapshot.expect(done, named: "tutor/panel done colours")
  }

  /// Without colours and without Unicode it is readable all the same.
  @Test func poorTerminals() throws {
    let ascii = DisplayCapabilities(colorMode: .monochrome, glyphs: .ascii)
    for isLarge in [false, true] {
      let bench = try TutorBench(isLarge: isLarge, width: 80, height: 24, capabilities: ascii)
      let text = bench.state.view().plainText(glyphs: .ascii)
      #expect(!text.unicodeScalars.contains { !$0.isASCII })
      try Snapshot.expect(text: text, named: "tutor/ascii\(isLarge ? " large" : "") 80x24")
    }
  }

  /// The panel takes its rows from the explorer, never over a window, and gives them back where there are none to spare.
  @Test func theRestOfTheScreenIsTheExplorers() throws {
    for size in Self.sizes {
      for isLarge in [false, true] {
        for keys: [Key] in [
          [.character("p")], [.character("t")], [.character("?")], [.character("m")], [.character("P")],
        ] {
          var bench = try TutorBench(isLarge: isLarge, width: size.0, height: size.1)
          for key in keys { try bench.press(key) }
          let state = bench.state
          let frame = try #require(state.popup?.frame(state))
          #expect(frame.maxY <= state.height && frame.y >= 0, "\(size) \(keys)")
          #expect(state.height >= 14)
          #expect(state.view().plainText().contains("1.1") || isLarge)
        }
      }
    }
    var small = try TutorBench(width: 79, height: 24)
    #expect(small.state.panelRows == 0 && small.state.isTooSmall)
    try small.send(.resize(width: 80, height: 24))
    #expect(small.state.panelRows > 0 && !small.state.isTooSmall)
    try small.send(.resize(width: 1, height: 1))
    #expect(small.state.view().height == 1)
  }
}
