import Explorer
import TerminalUI
import Testing

/// Random keys, clicks, pastes, resizes and late answers: nothing traps, and the explorer still works afterwards.
struct RandomEventsTests {
  /// The same numbers on every machine (SplitMix64, Steele et al. 2014).
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let special: [Key] = [
    .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .delete, .backspace, .tab, .backTab, .enter, .escape,
    .shiftUp, .shiftDown, .control("r"), .control("u"), .control("l"), .function(1), .insert,
  ]
  private static let sizes = [(80, 24), (120, 40), (200, 60), (1, 1), (400, 120), (79, 24), (80, 25)]

  private func event(_ numbers: inout Numbers) -> Event {
    switch Int.random(in: 0..<100, using: &numbers) {
    case 0..<45:
      let code = UInt8.random(in: 32..<127, using: &numbers)
      // Leaving is tested elsewhere.
      return .key(.character(code == UInt8(ascii: "q") ? "j" : Character(UnicodeScalar(code))))
    case 45..<80: return .key(Self.special.randomElement(using: &numbers) ?? .escape)
    case 80..<93:
      let kinds: [MouseEvent.Kind] = [
        .press(.left), .drag(.left), .release(.left), .wheelUp, .wheelDown, .press(.right),
      ]
      return .mouse(
        MouseEvent(
          kinds.randomElement(using: &numbers) ?? .wheelUp, x: Int.random(in: -3..<410, using: &numbers),
          y: Int.random(in: -3..<125, using: &numbers)))
    case 93..<96: return .paste("\u{1B}[31m\0\n12\t漢字 \u{301}")
    case 96..<98:
      let size = Self.sizes.randomElement(using: &numbers) ?? (80, 24)
      return .resize(width: size.0, height: size.1)
    default: return .focusLost
    }
  }

  @Test(arguments: [UInt64(1), 2, 3, 4])
  func nothingTraps(seed: UInt64) throws {
    var numbers = Numbers(state: seed)
    var bench = try Bench()
    for step in 0..<5000 {
      bench.send(event(&numbers))
      if step % 7 == 0 { try bench.open() }
      if step % 5 == 0 { try bench.finish(shift: Float(step % 3) / 10) }
      for case .save(let request) in bench.commands {
        bench.send(step % 2 == 0 ? .fileExists(request) : .saved(request))
        break
      }
      if step % 10 == 0 {
        let buffer = bench.state.view()
        #expect(buffer.width == bench.state.width && buffer.height == bench.state.height)
      }
    }
    // Out of whatever it is in, and on with the work.
    bench.send(.resize(width: 120, height: 40))
    for _ in 0..<12 { bench.press(.escape) }
    try bench.open()
    try bench.finish()
    #expect(bench.state.popup == nil)
    bench.press(.character("?"))
    #expect(bench.state.popup is HelpScreen)
  }
}
